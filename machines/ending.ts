/**
 * Chapter 7: the end. Every state reaches it; nothing leaves it.
 *
 * By then every stanza that was accepted has been acknowledged or returned. What still comes is late, and is ignored; a
 * stanza that is sent now is handed straight back.
 */
import type { State } from './vocabulary.js';

export const ended: State = {
  description: 'The session is over.',
  meta: { clauses: ['C-1', 'C-3'] },
  initial: 'closed',
  entry: ['reportEnded'],
  on: {
    'app.send': { actions: ['refuseClosed'] },
    '*': { actions: ['ignore'] },
  },
  states: {
    closed: {
      description: 'The stream was closed, or broke and could not be resumed.',
      meta: { clauses: ['C-1', 'C-3'] },
    },
    expired: {
      description: 'The session waited for its resumption in vain.',
      meta: { clauses: ['M-2', 'A-12', 'A-13'] },
    },
    superseded: {
      description: 'The session lives on under another link.',
      meta: { clauses: ['R-11'] },
    },
  },
};
