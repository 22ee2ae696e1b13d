/**
 * Chapter 3: what we receive (XEP-0198 section 4). This file does not know which role we play.
 *
 * Every stanza counts when it is parsed. Our h is what was handled: by default the same, and with deferred handling the
 * low-water mark of what the application has taken responsibility for. `<r/>` is answered at once with that mark.
 */
import type { State } from './vocabulary.js';

export const inbound: State = {
  description: 'What the peer sent, and what we say about it.',
  meta: { clauses: ['A-3', 'A-4'] },
  initial: 'counting',
  states: {
    counting: {
      description: 'Every stanza counts, and every <r/> is answered at once.',
      meta: { clauses: ['A-3', 'A-5', 'A-14'] },
      on: {
        'peer.stanza': { actions: ['receive'], meta: { clauses: ['A-2', 'A-3', 'A-4', 'R-6'] } },
        'peer.r': { actions: ['answer'], meta: { clauses: ['A-5'] } },
        'app.handled': { actions: ['handle'], meta: { clauses: ['A-14'] } },
      },
    },
  },
};
