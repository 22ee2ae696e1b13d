/**
 * Chapter 4: the bounds of the queue (mod_smacks' queue limit, M-10). This file does not know which role we play.
 *
 * Pressure is reported from 80 % of a limit. At the limit the peer has a grace period to acknowledge; when that is over
 * and the queue still full, the state around ends the stream and returns every stanza. Nothing is dropped in silence.
 */
import type { State, Transition } from './vocabulary.js';

/** A stanza that is handed back fills nothing. */
const refused: Transition = { guard: 'noRoom', actions: ['ignore'] };

export const capacity: State = {
  description: 'How full the queue of unacknowledged stanzas is.',
  meta: { clauses: ['S-2', 'M-10'] },
  initial: 'roomy',
  states: {
    roomy: {
      description: 'Below 80 % of every limit.',
      meta: { clauses: ['M-10'] },
      on: {
        'app.send': [
          refused,
          { guard: 'reachesLimit', target: 'overflowing', actions: ['reportPressure'], meta: { clauses: ['M-10'] } },
          { guard: 'reachesPressure', target: 'pressed', actions: ['reportPressure'], meta: { clauses: ['M-10'] } },
        ],
      },
    },
    pressed: {
      description: 'From 80 % of a limit up to it: reported, so that senders can slow down.',
      meta: { clauses: ['M-10'] },
      on: {
        'app.send': [
          refused,
          { guard: 'reachesLimit', target: 'overflowing', actions: ['reportPressure'], meta: { clauses: ['M-10'] } },
          { guard: 'isRelieved', target: 'roomy' },
        ],
      },
    },
    overflowing: {
      description: 'A limit is reached: the peer has a last while to acknowledge.',
      meta: { clauses: ['M-10', 'S-2'] },
      entry: ['armOverflowGrace'],
      exit: ['clearOverflowGrace'],
      on: {
        'peer.a': { guard: 'drainsBelowLimit', target: 'pressed', meta: { clauses: ['M-10'] } },
      },
    },
  },
};
