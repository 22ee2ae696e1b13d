/**
 * Chapter 7: how a session ends (XEP-0198 section 7). Every state can reach `ended`, and no transition leaves it.
 *
 * At the end every stanza of the queue has been acknowledged, returned, or moved to the link that resumed the session. A stanza that is
 * sent later is returned at once. A call that would begin something is a misuse. Every other event is late, and is ignored.
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
    'app.authenticating': { actions: ['reportMisuse'] },
    'app.authenticated': { actions: ['reportMisuse'] },
    'app.verified': { actions: ['reportMisuse'] },
    'app.bound': { actions: ['reportMisuse'] },
    'app.enable': { actions: ['reportMisuse'] },
    'app.decline': { actions: ['reportMisuse'] },
    'app.resume': { actions: ['reportMisuse'] },
    'app.handled': { actions: ['reportMisuse'] },
    'app.writeUncounted': { actions: ['reportMisuse'] },
    'link.opened': { actions: ['reportMisuse'] },
    '*': { actions: ['ignore'] },
  },
  states: {
    closed: {
      description: 'The stream was closed, or it broke and the session cannot be resumed.',
      meta: { clauses: ['C-1', 'C-3'] },
    },
    expired: {
      description: 'The session ended while it hibernated: its time was over, or it was given up.',
      meta: { clauses: ['M-2', 'A-12', 'A-13'] },
    },
  },
} satisfies ChartState;
