/** A stanza that is sent after held ones: the time of that send, with so many stanzas in the queue. */
import { policy, type State, step } from '../../src/index.js';
import type { Bench } from './bench.js';
import { connected, LENGTHS, medianOf, table } from './growth.js';

const POLICY = policy({
  maxQueueStanzas: 1e6,
  maxQueueBytes: 1e9,
  maxUnackedStanzas: 1e6,
  maxInactiveUnackedStanzas: 1e6,
});
const SEND = { type: 'app.send', at: 0, stanza: { xml: '<message/>', kind: 'message', type: 'chat' } } as const;

/** So many stanzas are written and unacknowledged, and one is held for an inactive client. */
const withHeld = (queued: number): State => {
  let state = connected(POLICY);
  for (let n = 0; n < queued; n++) state = step(state, SEND)[0];
  state = step(state, { type: 'app.inactive', at: 0 })[0];
  return step(state, { ...SEND, mayWait: true })[0];
};

export const heldStanzas: Bench = {
  name: 'held',
  description: 'a stanza sent after a held one, and one that is held, with 10 to 100,000 in the queue',
  async run(progress) {
    const states = LENGTHS.map((queued) => {
      progress(`${queued.toLocaleString('en')} queued`);
      return withHeld(queued);
    });
    const release = states.map((state) => medianOf(() => step(state, SEND)));
    const hold = states.map((state) => medianOf(() => step(state, { ...SEND, mayWait: true })));
    return table('nanoseconds with so many stanzas in the queue', { release, hold });
  },
};
