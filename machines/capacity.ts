/**
 * Chapter 4: the limits of the queue (the queue limit of mod_smacks, M-10). It is the same in both roles.
 *
 * At 80 % of a limit the session reports pressure to the embedder. At the limit a grace period begins, in which the peer can acknowledge.
 * When the grace period is over and the queue is still at its limit, `enabled` ends the stream and returns every stanza. A stanza that
 * would take the queue past twice its limit ends the stream at once: a stream that goes on has no holes (design law 8).
 *
 * A session whose queue is at its limit when stream management begins starts in `atLimit`.
 */
import type { ChartState, Transition } from './vocabulary.js';

const reportAtLimit: Transition = {
  guard: 'reachesLimit',
  target: 'atLimit',
  actions: ['reportPressure'],
  meta: { clauses: ['M-10'] },
};

const relieve: Transition = { guard: 'drainsBelowPressure', target: 'belowLimit', meta: { clauses: ['M-10'] } };

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
          reportAtLimit,
          { guard: 'reachesPressure', target: 'nearLimit', actions: ['reportPressure'], meta: { clauses: ['M-10'] } },
        ],
      },
    },
    nearLimit: {
      description: 'The queue reached 80 % of a limit. The embedder was told, so that it can slow down the senders.',
      meta: { clauses: ['M-10'] },
      on: { 'app.send': reportAtLimit, 'peer.a': relieve },
    },
    atLimit: {
      description: 'The queue reached a limit. The peer can acknowledge until the grace period is over.',
      meta: { clauses: ['M-10', 'S-2'] },
      entry: ['armOverflowGrace'],
      exit: ['clearOverflowGrace'],
      on: {
        'peer.a': [
          { ...relieve, actions: ['reportPressure'] },
          { guard: 'drainsBelowLimit', target: 'nearLimit', actions: ['reportPressure'], meta: { clauses: ['M-10'] } },
        ],
      },
    },
  },
} satisfies ChartState;
