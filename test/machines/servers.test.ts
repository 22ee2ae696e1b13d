import { describe, expect, it } from 'vitest';
import { type Effect, hasTag, open, policy, type Role, SM_3, type SmEvent, type State, step } from '../../src/index.js';
import { uptoEnabled } from '../support/random-events.js';

const OWNER = 'montague.example';

const stepped = (role: Role, events: readonly SmEvent[]): readonly [State, readonly Effect[]] =>
  events.reduce<readonly [State, readonly Effect[]]>(
    ([state], event) => step(state, event),
    [open(role, policy()), []],
  );

const written = (effects: readonly Effect[]): readonly string[] =>
  effects.flatMap((effect) => (effect.type === 'write' ? [effect.nonza.name] : []));

const verified: SmEvent = { type: 'app.verified', at: 0, owner: OWNER };
const enable: SmEvent = { type: 'peer.enable', at: 0, epoch: 1, xmlns: SM_3, resume: true };
const resume: SmEvent = { type: 'peer.resume', at: 0, epoch: 1, xmlns: SM_3, previd: 'x', h: policy().initialCount };
const send: SmEvent = { type: 'app.send', at: 0, stanza: { xml: '<message/>', kind: 'message', type: 'chat' } };

describe('a server that is verified (M-9)', () => {
  it('may enable without a bind (E-3, E-4)', () => {
    const [state, effects] = stepped('server', [verified, enable, { type: 'store.saved', at: 0, smId: 'id-1' }]);
    expect(state.configuration).toMatch(/^enabled/);
    expect(written(effects)).toEqual(['enabled']);
    expect(state.session.owner).toBe(OWNER);
  });

  it.each([
    { what: 'its session is unknown', request: resume, answer: { type: 'store.unknown', at: 0 } },
    {
      what: 'its session is over',
      request: resume,
      answer: { type: 'store.expired', at: 0, h: policy().initialCount },
    },
    { what: 'the store fails to find a session', request: resume, answer: { type: 'store.failed', at: 0, reason: '' } },
    { what: 'the store fails to keep a session', request: enable, answer: { type: 'store.failed', at: 0, reason: '' } },
  ] as const)('may enable, or resume, after it was refused because $what (R-10)', ({ request, answer }) => {
    const [state, effects] = stepped('server', [verified, request, answer]);
    expect(written(effects)).toEqual(['failed']);
    for (const again of [enable, resume]) expect(written(step(state, again)[1])).toEqual([]);
    expect([enable, resume].map((again) => step(state, again)[1][0]?.type)).toEqual(['store.save', 'store.claim']);
  });

  it('cannot bind a resource', () => {
    for (const role of ['client', 'server'] as const) {
      const link: readonly SmEvent[] = role === 'client' ? [{ type: 'link.opened', at: 0, epoch: 1 }] : [];
      const [, effects] = stepped(role, [...link, verified, { type: 'app.bound', at: 0 }]);
      expect(effects).toMatchObject([{ type: 'report', report: { type: 'misuse' } }]);
    }
  });
});

describe('an initiating entity that a server has verified again (M-9)', () => {
  const back: readonly SmEvent[] = [
    ...uptoEnabled.client,
    send,
    { type: 'link.lost', at: 0, epoch: 1 },
    send,
    { type: 'link.opened', at: 0, epoch: 2 },
    { ...verified, owner: 'user@example.net' },
  ];

  it('may resume (R-3)', () => {
    const [state] = stepped('client', back);
    expect(hasTag(state, 'canResume')).toBe(true);
    expect(written(step(state, { type: 'app.resume', at: 0 })[1])).toEqual(['resume']);
  });

  it('may enable after a refused resumption, and learns which stanzas were never written (R-10, R-15)', () => {
    const events: readonly SmEvent[] = [
      ...back,
      { type: 'app.resume', at: 0 },
      { type: 'peer.failed', at: 0, epoch: 2, condition: 'item-not-found' },
    ];
    const [state, effects] = stepped('client', events);
    const returned = effects.find((effect) => effect.type === 'report' && effect.report.type === 'returned');
    expect(returned).toMatchObject({
      report: { reason: 'resumptionFailed', stanzas: [{ written: true }, { written: false }] },
    });
    expect(written(step(state, { type: 'app.enable', at: 0 })[1])).toEqual(['enable']);
  });

  it('goes on without stream management when the other server does not offer it any more (E-11)', () => {
    const [state, effects] = stepped('client', [...back, { type: 'app.decline', at: 0 }]);
    expect(effects.flatMap((effect) => (effect.type === 'report' ? [effect.report.type] : []))).toEqual([
      ...['hibernationEnd', 'returned'],
    ]);
    expect(step(state, send)[1][0]).toMatchObject({ type: 'transmit' });
  });
});
