/** `smacks/client`, as a browser loads it, against `smacks`. */
import { beforeAll, describe, expect, it } from 'vitest';
import type * as Client from '../../src/client.js';
import { open, policy, type State, type TraceLine, toRecord, traced, uint32 } from '../../src/index.js';
import { createRandom, seedFrom } from '../../src/testing/random.js';
import { bundled } from '../support/bundled.js';
import { rounds } from '../support/effort.js';
import { randomEvent, uptoEnabled } from '../support/random-events.js';

const seed = seedFrom(process.env.SEED);
const SEQUENCES = rounds(1_000);
const LENGTH = 30;

describe(`the engine of smacks/client, minified, compared with the engine for both roles, SEED=${seed}`, () => {
  let client: typeof Client;

  beforeAll(async () => {
    const text = await bundled("export * from 'smacks/client'");
    client = await import(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`);
  });

  it(`gives the same states, effects and trace over ${SEQUENCES} random sequences`, () => {
    const random = createRandom(seed);
    const ended = new Set<string>();
    for (let sequence = 0; sequence < SEQUENCES; sequence++) {
      const changes = {
        maxUnackedStanzas: random.integer(0, 3),
        maxQueueStanzas: random.pick([2, 5]),
        resume: random.chance(0.9),
        deferHandling: random.chance(0.3),
        initialCount: uint32(random.pick([0, 0xfffffffd])),
      };
      let state = open('client', policy(changes));
      let other = client.open('client', client.policy(changes));
      const lines: TraceLine[] = [];
      const step = traced((line) => lines.push(line));
      const otherStep = client.traced((line) => lines.push(line));
      expect(other).toEqual(state);
      let at = 0;
      for (let i = 0; i < LENGTH; i++) {
        at += random.pick([0, 0, 10, 1000, 40_000]);
        const event = (sequence % 2 === 0 ? undefined : uptoEnabled.client[i]) ?? randomEvent(state, random, at);
        const ours = step(state, event);
        const theirs = otherStep(other, event);
        const [line, otherLine] = lines.splice(0);
        if (JSON.stringify([ours, line]) !== JSON.stringify([theirs, otherLine]))
          expect([theirs, otherLine], `sequence ${sequence}, SEED=${seed}`).toEqual([ours, line]);
        [state] = ours;
        [other] = theirs;
      }
      ended.add(state.configuration);
    }
    expect(ended.size).toBeGreaterThan(5);
  });

  it("restores a client's record of the other engine, and refuses a server's", () => {
    const [enabled] = uptoEnabled.client.reduce<readonly [State<'client'>]>(
      ([state], event) => [client.step(state, event)[0]],
      [client.open('client', client.policy())],
    );
    const restored = client.restore(toRecord(enabled), client.policy(), 1000);
    expect(client.isRight(restored) && restored.right[0].configuration).toBe('hibernating.unlinked');
    const server = client.restore(toRecord(open('server', policy())), client.policy(), 1000);
    expect(client.isLeft(server) && server.left.kind).toBe('storeFault');
  });

  it('never asks a store', () => {
    expect(client.hasTag(client.open('client', client.policy()), 'asksStore')).toBe(false);
  });
});
