/**
 * Chapter 3: what we receive (XEP-0198 section 4). It is the same in both roles.
 *
 * A stanza counts as received when it is parsed. Our h is the number of stanzas that were handled. By default a stanza counts as handled
 * when it is delivered. With `deferHandling` the application says when it has handled a stanza, and h covers the stanzas before the first
 * unhandled one. We answer `<r/>` with h at once.
 *
 * This chapter has no states of its own: its transitions belong to `enabled`, in both roles.
 */
import type { Handlers } from './vocabulary.js';

export const inbound: Handlers = {
  'peer.stanza': [
    { guard: 'isHandledAtOnce', actions: ['receiveAndHandle'], meta: { clauses: ['A-2', 'A-3', 'A-4'] } },
    { guard: 'isDuplicate', actions: ['skipDuplicate'], meta: { clauses: ['R-6', 'A-14'] } },
    { guard: 'wasHandled', actions: ['receiveSilently'], meta: { clauses: ['A-14'] } },
    { actions: ['receive'], meta: { clauses: ['A-2', 'A-3', 'A-4', 'A-14'] } },
  ],
  'peer.r': { actions: ['writeAck'], meta: { clauses: ['A-5'] } },
  'app.handled': { actions: ['handle'], meta: { clauses: ['A-14'] } },
};
