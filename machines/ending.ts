/**
 * Chapter 7: the end. Every state reaches it, and no event leaves it.
 *
 * By then every stanza that the session accepted has been acknowledged or returned. A stanza that is sent now is given straight back;
 * every other event comes late and is ignored.
 */
import type { ChartState } from './vocabulary.js';

export const ended = {
  description: 'The session is over.',
  meta: { clauses: ['C-1', 'C-3'] },
  tags: ['over'],
  initial: 'closed',
  entry: ['reportEnded'],
  on: {
    'app.send': { actions: ['returnStanzaAfterEnd'] },
    '*': { actions: ['ignore'] },
  },
  states: {
    closed: {
      description: 'The stream was closed, or it broke and the session cannot be resumed.',
      meta: { clauses: ['C-1', 'C-3'] },
    },
    expired: {
      description: 'The session was not resumed in time, or it was ended while it waited for its resumption.',
      meta: { clauses: ['M-2', 'A-12', 'A-13'] },
    },
    superseded: {
      description: 'The session lives on under another link.',
      meta: { clauses: ['R-11'] },
      tags: ['superseded'],
    },
  },
} satisfies ChartState;
