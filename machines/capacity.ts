/**
 * Chapter 4: the limits of the queue (mod_smacks' queue limit, M-10). This file does not know which role we play.
 *
 * From 80 % of a limit the embedder hears of the pressure. At the limit a grace period begins, in which the peer can still acknowledge.
 * When the grace is over and the queue is still full, the state around this one ends the stream and returns every stanza. No stanza is
 * dropped in silence.
 */
import type { ChartState, Transition } from './vocabulary.js';

/** A stanza that is given straight back fills nothing. */
const ignoreReturned: Transition = { guard: 'noRoom', actions: ['ignore'] };

const fills: Transition = {
  guard: 'reachesLimit',
  target: 'atLimit',
  actions: ['reportPressure'],
  meta: { clauses: ['M-10'] },
};

export const capacity = {
  description: 'How full the queue of unacknowledged stanzas is.',
  meta: { clauses: ['S-2', 'M-10'] },
  initial: 'belowLimit',
  states: {
    belowLimit: {
      description: 'The queue is below 80 % of every limit.',
      meta: { clauses: ['M-10'] },
      on: {
        'app.send': [
          ignoreReturned,
          fills,
          { guard: 'reachesPressure', target: 'nearLimit', actions: ['reportPressure'], meta: { clauses: ['M-10'] } },
        ],
      },
    },
    nearLimit: {
      description:
        'The queue is between 80 % of a limit and the limit. The embedder was told, so that senders can slow down.',
      meta: { clauses: ['M-10'] },
      on: { 'app.send': [ignoreReturned, fills, { guard: 'isRelieved', target: 'belowLimit' }] },
    },
    atLimit: {
      description: 'The queue has reached a limit. The peer has the grace period to acknowledge.',
      meta: { clauses: ['M-10', 'S-2'] },
      entry: ['armOverflowGrace'],
      exit: ['clearOverflowGrace'],
      on: {
        'peer.a': { guard: 'drainsBelowLimit', target: 'nearLimit', meta: { clauses: ['M-10'] } },
      },
    },
  },
} satisfies ChartState;
