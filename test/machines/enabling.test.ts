import { describe, expect, it } from 'vitest';
import { type Effect, hasTag, open, policy, type Role, SM_3, type SmEvent, type State, step } from '../../src/index.js';
import { createRandom, seedFrom } from '../../src/testing/random.js';
import { rounds } from '../support/effort.js';
import { eventTypes, makers, uptoEnabled } from '../support/random-events.js';
import { visit } from '../support/visited.js';

const seed = seedFrom(process.env.SEED);

const walked = (role: Role): readonly State[] => [...visit(role, seed, rounds(1_500), 3).values()].flat();

const writes = (effects: readonly Effect[], name: string): boolean =>
  effects.some((effect) => effect.type === 'write' && effect.nonza.name === name);

const after = (role: Role, events: readonly SmEvent[]): State =>
  events.reduce((state, event) => step(state, event)[0], open(role, policy()));

describe(`<enable/>, SEED=${seed}`, () => {
  it('is sent only where a resource is bound, or where a server has verified us (E-1, E-2, M-9)', () => {
    const random = createRandom(seed);
    const asking = walked('client').filter((state) =>
      eventTypes.some((type) => writes(step(state, makers[type](state, random, 10 ** 9))[1], 'enable')),
    );
    expect(new Set(asking.map(({ configuration }) => configuration))).toEqual(
      new Set(['disabled.bound', 'disabled.verified']),
    );
  });

  it('may be replaced by <resume/> on a new link, after the client has authenticated there (R-3)', () => {
    const events: readonly SmEvent[] = [
      ...uptoEnabled.client,
      { type: 'link.lost', at: 0, epoch: 1 },
      { type: 'link.opened', at: 0, epoch: 2 },
      { type: 'app.authenticated', at: 0, owner: 'user@example.net' },
    ];
    let state = open('client', policy());
    const could: boolean[] = [];
    for (const event of events) {
      [state] = step(state, event);
      could.push(hasTag(state, 'canResume'));
    }
    expect(could.indexOf(true)).toBe(events.length - 1);
  });

  it('is sent at most once on a stream, whatever the answer was (E-8)', () => {
    const asked = after('client', uptoEnabled.client.slice(0, -1));
    const answers: readonly SmEvent[] = [
      { type: 'peer.enabled', at: 1, epoch: 1, resume: false },
      { type: 'peer.failed', at: 1, epoch: 1, condition: 'unexpected-request' },
      { type: 'app.requestAck', at: 1 },
    ];
    for (const answer of answers) {
      const [state] = step(asked, answer);
      expect(writes(step(state, { type: 'app.enable', at: 2 })[1], 'enable'), answer.type).toBe(false);
    }
  });

  it('is always answered: with <enabled/>, with <failed/>, or by ending the stream (E-4)', () => {
    for (const state of walked('server')) {
      const { epoch } = state.session.link;
      const isAsking = hasTag(state, 'asksStore') || hasTag(state, 'cancelling');
      if (epoch === 0 || isAsking || /^(ended|hibernating)/.test(state.configuration)) continue;
      const [asked, effects] = step(state, { type: 'peer.enable', at: 10 ** 9, epoch, xmlns: SM_3, resume: true });
      const answers = hasTag(asked, 'asksStore') ? saved.map((event) => step(asked, event)[1]) : [effects];
      for (const answer of answers) {
        const isEnding = answer.some(({ type }) => type === 'stream.error');
        expect(isEnding || writes(answer, 'enabled') || writes(answer, 'failed'), state.configuration).toBe(true);
      }
    }
  });
});

describe('a server that asks its store', () => {
  it('has the tag `asksStore` exactly while it asks, and the input of the peer waits (R-2, R-4)', () => {
    const waiting = walked('server').filter((state) => hasTag(state, 'asksStore'));
    expect(new Set(waiting.map(({ configuration }) => configuration.replace('disabled.verified.', '')))).toEqual(
      new Set(['granting', 'claiming']),
    );
    const claimed = after('server', [
      ...uptoEnabled.server.slice(0, 1),
      { type: 'peer.resume', at: 0, epoch: 1, xmlns: SM_3, previd: 'id-1', h: policy().initialCount },
    ]);
    expect(hasTag(claimed, 'asksStore')).toBe(true);
  });
});

/** What the store may say. */
const saved: readonly SmEvent[] = [
  { type: 'store.saved', at: 10 ** 9, smId: 'id-1' },
  { type: 'store.failed', at: 10 ** 9, reason: 'disk full' },
];

describe('the time for which a session hibernates', () => {
  it.each([
    { wish: 600, granted: 300 },
    { wish: 20, granted: 20 },
  ])("is the policy's, or the client's max when that is shorter: $wish (M-1, E-6)", ({ wish, granted }) => {
    const events = uptoEnabled.server.map((event) => (event.type === 'peer.enable' ? { ...event, max: wish } : event));
    const [, effects] = step(after('server', events), { type: 'link.lost', at: 5_000, epoch: 1 });
    expect(effects).toContainEqual({ type: 'timer.set', timer: 'resumption', deadline: 5_000 + granted * 1_000 });
  });
});
