/** Handling out of order: the time of one `handled`, and of one stanza received, with so many handled before an older one. */
import { policy, type State, step } from '../../src/index.js';
import type { Bench } from './bench.js';
import { connected, LENGTHS, medianOf, table } from './growth.js';

const POLICY = policy({ deferHandling: true });

/** The first stanza stays unhandled. After it every second stanza is handled: so many runs, each of one stanza. */
const withRuns = (runs: number): State => {
  let state = connected(POLICY);
  for (let n = 0; n < 2 * runs + 1; n++) state = step(state, { type: 'peer.stanza', at: 0, epoch: 1 })[0];
  for (let n = 1; n <= runs; n++) state = step(state, { type: 'app.handled', at: 0, position: 2 * n + 1 })[0];
  return state;
};

export const ahead: Bench = {
  name: 'ahead',
  description: 'one stanza handled out of order, and one received, with 10 to 100,000 handled before an older one',
  async run(progress) {
    const states = LENGTHS.map((runs) => {
      progress(`${runs.toLocaleString('en')} runs`);
      return withRuns(runs);
    });
    const receive = states.map((state) => medianOf(() => step(state, { type: 'peer.stanza', at: 0, epoch: 1 })));
    const handle = states.map((state, index) => {
      const position = 2 * (LENGTHS[index] ?? 0);
      return medianOf(() => step(state, { type: 'app.handled', at: 0, position }));
    });
    return table('nanoseconds with so many runs handled out of order', { receive, handle });
  },
};
