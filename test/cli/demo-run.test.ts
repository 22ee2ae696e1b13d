import { xml } from '@xmpp/client';
import { describe, expect, it } from 'vitest';
import { createLedger } from '../../src/cli/demo/ledger.js';
import type { Peer } from '../../src/cli/demo/peer.js';
import { run } from '../../src/cli/demo/run.js';
import type { Stage } from '../../src/cli/demo/stage.js';
import { createRandom } from '../../src/testing/random.js';

const MESSAGES = 100;

/** Ticks of the run, many more than its flow was meant to last. */
const LONG = 100;

interface Play {
  readonly stage: Stage;
  /** How many messages romeo has sent. */
  readonly count: number;
}

/** Two clients without a wire: what is sent arrives at once, and `cut` says when a cut is made. */
const play = (cut: Peer['cut']): Play => {
  const [toRomeo, toJuliet] = [createLedger(), createLedger()];
  const peer = (name: string, outgoing: typeof toRomeo): Peer => ({
    name,
    jid: `${name}@localhost/demo`,
    resumptions: 0,
    failedResumptions: 0,
    send(_to, number) {
      outgoing.delivered(number, Date.now());
      return { stanza: xml('message'), state: 'acked', acked: Promise.resolve(), subscribe: () => () => {} };
    },
    cut,
    close: async () => {},
  });
  const [romeo, juliet] = [peer('romeo', toJuliet), peer('juliet', toRomeo)];
  return {
    stage: {
      peers: [romeo, juliet],
      ways: [
        { from: romeo, to: juliet, ledger: toJuliet },
        { from: juliet, to: romeo, ledger: toRomeo },
      ],
      close: async () => {},
    },
    get count() {
      return toJuliet.count;
    },
  };
};

const options = (cuts: number) => ({
  messages: MESSAGES,
  cuts,
  random: createRandom(1),
  signal: new AbortController().signal,
  onProgress: () => {},
});

describe('a run of the demo', () => {
  it('sends the last messages only after its last cut, however late that cut is', async () => {
    let ticks = 0;
    let sentBefore = 0;
    const theatre: Play = play(async (_planned, signal) => {
      const due = new Promise<void>((resolve) => {
        tick = () => {
          ticks += 1;
          if (ticks === LONG) resolve();
        };
      });
      await due;
      signal.throwIfAborted();
      sentBefore = theatre.count;
      return true;
    });
    let tick = (): void => {};
    const result = await run(theatre.stage, { ...options(1), onProgress: () => tick() });
    expect(result).toMatchObject({ verdict: 'passed', faults: [], cuts: { planned: 1, made: 1, early: 0 } });
    expect([sentBefore, theatre.count]).toEqual([98, MESSAGES]);
  });

  it('fails when it could not make a cut in time', async () => {
    const never: Peer['cut'] = (_planned, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const result = await run(play(never).stage, { ...options(2), stretch: 0 });
    expect(result).toMatchObject({ verdict: 'failed', cuts: { planned: 2, made: 0 } });
    expect(result.faults).toEqual(['2 of 2 cuts not made']);
  });

  it('counts the cuts that happened when no session was on the connection', async () => {
    const answers = [true, false, false, true];
    const { stage } = play(async () => answers.pop() ?? true);
    expect((await run(stage, options(4))).cuts).toMatchObject({ made: 4, early: 2 });
  });
});
