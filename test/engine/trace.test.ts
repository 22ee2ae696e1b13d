import { describe, expect, it } from 'vitest';
import { open, policy, type Role, SM_3, type TraceLine, traced, uint32 } from '../../src/index.js';
import { createRandom, seedFrom } from '../../src/testing/random.js';
import { rounds } from '../support/effort.js';
import { eventTypes, makers } from '../support/random-events.js';
import { visit } from '../support/visited.js';

const seed = seedFrom(process.env.SEED);
const SECRETS: readonly string[] = ['Zm9vYmFyYmF6cXV4MDEyMzQ1Njc4OWFiY2RlZg', 'short'];

for (const role of ['client', 'server'] as const satisfies Role[]) {
  describe(`the trace of a ${role}, SEED=${seed}`, () => {
    it('contains no whole SM-ID, in any event of any state', () => {
      for (const [index, state] of [...visit(role, seed, rounds(2_000), 3).values()].flat().entries()) {
        const secret = SECRETS[index % SECRETS.length] ?? '';
        const knowing = { ...state, session: { ...state.session, smId: secret } };
        const lines: TraceLine[] = [];
        const step = traced((line) => lines.push(line));
        for (const type of eventTypes) {
          const made = makers[type](knowing, createRandom(seed), 10 ** 9);
          step(knowing, withSecret(made, secret));
        }
        step(knowing, { type: 'store.claimed', at: 0, session: knowing.session });
        expect(lines.length).toBe(eventTypes.length + 1);
        expect(JSON.stringify(lines)).not.toContain(secret);
      }
    });

    it('gives the same results as a step without a trace', () => {
      const step = traced(() => {});
      for (const state of [...visit(role, seed, rounds(500), 1).values()].flat()) {
        const [after] = step(state, { type: 'app.requestAck', at: 0 });
        expect(after.policy).toEqual(state.policy);
      }
    });
  });
}

describe('a line of the trace', () => {
  it('holds the start of its session when it is the first line, and when the step before did not return its state', () => {
    const lines: TraceLine[] = [];
    const step = traced((line) => lines.push(line));
    const began = open('client', policy({ ackIdle: 7 }));
    const [linked] = step(began, { type: 'link.opened', at: 1, epoch: 4 });
    const [authenticated] = step(linked, { type: 'app.authenticated', at: 2, owner: 'user@example.net' });
    step(linked, { type: 'app.requestAck', at: 3 });
    step(authenticated, { type: 'app.requestAck', at: 4 });
    expect(lines.map(({ start }) => start?.session.link.epoch)).toEqual([0, undefined, 4, 4]);
    expect(lines[0]).toMatchObject({ role: 'client', from: 'disabled.unlinked', start: { policy: { ackIdle: 7 } } });
  });

  it('shows at most half of a short SM-ID, and the same part when it is shortened again', () => {
    const shown = (smId: string): unknown => {
      let line: TraceLine | undefined;
      traced((told) => {
        line = told;
      })(open('server', policy()), { type: 'store.saved', at: 0, smId });
      return line !== undefined && line.event.type === 'store.saved' ? line.event.smId : undefined;
    };
    for (const [smId, short] of [
      ['0123456789', '0123…'],
      ['01234', '01…'],
      ['0', '…'],
      ['', ''],
    ] as const) {
      expect(shown(smId)).toBe(short);
      expect(shown(short)).toBe(short);
    }
  });

  it('shows only the name of a negotiation element, because it may contain a password', () => {
    const lines: TraceLine[] = [];
    const step = traced((line) => lines.push(line));
    const names = ["<auth mechanism='PLAIN'>AGE=</auth>", '<response>c2VjcmV0</response>', 'AGE='].map((xml) => {
      step(open('server', policy()), { type: 'app.writeUncounted', at: 0, xml });
      const line = lines.at(-1);
      return [line?.event, ...(line?.effects ?? [])].map((shown) => (shown && 'xml' in shown ? shown.xml : undefined));
    });
    expect(names).toEqual([
      ['<auth…', '<auth…'],
      ['<response…', '<response…'],
      ['…', '…'],
    ]);
    step(open('server', policy()), {
      type: 'app.send',
      at: 0,
      stanza: { xml: '<iq a="b"/>', kind: 'iq', type: 'get' },
    });
    expect(lines.at(-1)).toMatchObject({
      event: { stanza: { xml: '<iq a="b"/>' } },
      effects: [{ xml: '<iq a="b"/>' }, { report: { type: 'returned', reason: 'unmanaged' } }],
    });
  });

  it('marks an SM-ID that differs from the session’s SM-ID and begins in the same way', () => {
    const previds = (previd: string): unknown => {
      let line: TraceLine | undefined;
      const state = open('client', policy());
      const { session } = state;
      const step = traced((told) => {
        line = told;
      });
      step(
        { ...state, session: { ...session, smId: '0123456789', link: { ...session.link, epoch: 1 } } },
        { type: 'peer.resumed', at: 0, epoch: 1, previd, h: uint32(0) },
      );
      return line?.event.type === 'peer.resumed' ? line.event.previd : undefined;
    };
    expect(['0123456789', '0123xxxxxx', 'another-one'].map(previds)).toEqual(['0123…', '0123…≠', 'anot…']);
  });

  it('holds the effects, the actions and the counters, and says that a late event was ignored', () => {
    const lines: TraceLine[] = [];
    const step = traced((line) => lines.push(line));
    const state = open('server', policy());
    const [, effects] = step(state, { type: 'peer.stanza', at: 0, epoch: 1 });
    expect(effects).toEqual([{ type: 'deliver', position: null }]);
    expect(step(state, { type: 'peer.stanza', at: 0, epoch: 9 })).toEqual([state, []]);
    const counters = { received: 0, handled: 0, acked: 0, written: 0, unacked: 0 };
    expect(lines).toMatchObject([
      { actions: ['deliverUncounted'], effects, counters },
      { taken: [], actions: [], effects: [], to: 'disabled.unauthenticated', counters },
    ]);
  });

  it('names the state before, the transition, its clauses, and the state after', () => {
    const lines: TraceLine[] = [];
    const step = traced((line) => lines.push(line));
    const [state] = [...visit('server', seed, rounds(500), 1).values()]
      .flat()
      .filter(({ configuration }) => configuration === 'disabled.bound');
    if (state === undefined) return expect.fail('no such state');
    step(
      { ...state, policy: policy({ resume: false }) },
      { type: 'peer.enable', at: 5, epoch: state.session.link.epoch, xmlns: SM_3, resume: true },
    );
    expect(lines).toMatchObject([
      {
        role: 'server',
        at: 5,
        from: 'disabled.bound',
        to: 'enabled.acking.allAcked & enabled.capacity.belowLimit',
        taken: [{ state: 'disabled.bound', descriptor: 'peer.enable', guard: null }],
        counters: { unacked: 0 },
      },
    ]);
    expect(lines[0]?.taken[0]?.clauses).toContain('E-5');
  });
});

const withSecret = <E extends object>(event: E, secret: string): E => ({
  ...event,
  ...('smId' in event && { smId: secret }),
  ...('id' in event && { id: secret }),
  ...('previd' in event && { previd: secret }),
  ...('h' in event && { h: uint32(0) }),
});
