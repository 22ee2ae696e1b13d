import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { open, policy, type State, step } from '../../src/index.js';
import { persistedSnapshot } from '../../src/inspect/snapshot.js';
import { clientMachine, serverMachine } from '../../src/machines.js';
import { createRandom, seedFrom } from '../../src/testing/random.js';
import { randomEvent, uptoEnabled } from '../support/random-events.js';
import { initialSnapshot, xstateStep } from '../support/xstate-binding.js';

const seed = seedFrom(process.env.SEED);
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe.each([
  ['client', clientMachine],
  ['server', serverMachine],
] as const)(`the snapshot of a %s, SEED=${seed}`, (role, machine) => {
  it('equals the snapshot of xstate itself, after any events', () => {
    const random = createRandom(seed);
    const seen = new Set<string>();
    for (let run = 0; run < 20; run += 1) {
      let state: State = open(role, policy({ maxQueueStanzas: 5 }));
      let theirs = initialSnapshot(state);
      for (let at = 0; at < 60; at += 1) {
        const event = uptoEnabled[role][at] ?? randomEvent(state, random, at * 1_000);
        const [next] = step(state, event);
        if (next !== state) theirs = xstateStep(role, theirs, event).snapshot;
        state = next;
        seen.add(state.configuration);
        expect(plain(persistedSnapshot(state))).toEqual(plain(machine.getPersistedSnapshot(theirs as never)));
      }
    }
    expect(seen.size).toBeGreaterThan(8);
  });

  it('starts an actor of xstate in the same state', () => {
    const [state] = uptoEnabled[role].reduce<readonly [State]>(
      ([before], event) => [step(before, event)[0]],
      [open(role, policy())],
    );
    const actor = createActor(machine, {
      input: { session: state.session, policy: state.policy },
      snapshot: machine.resolveState({ ...persistedSnapshot(state) }),
    }).start();
    expect(plain(actor.getPersistedSnapshot())).toEqual(plain(persistedSnapshot(state)));
    const event = { type: 'link.lost', at: 10_000, epoch: state.session.link.epoch } as const;
    actor.send(event);
    expect(plain(actor.getPersistedSnapshot())).toEqual(plain(persistedSnapshot(step(state, event)[0])));
  });
});
