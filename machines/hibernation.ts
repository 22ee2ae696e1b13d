/**
 * Chapter 5: the receiving entity keeps a session without a link (XEP-0198 section 5, hibernation of mod_smacks).
 *
 * The session queues stanzas and keeps its counters, and contacts still see the user as present. The session ends when its time is over,
 * when its owner has too many hibernating sessions, when its queue is full, or when the embedder closes it. Then the session returns every
 * stanza, and the store keeps the last h. The store gives the session to another link that claims it with a legal h; this session is superseded.
 */
import type { ChartState } from './vocabulary.js';

export const hibernating = {
  description:
    'The link is lost, and the session can be resumed. Stanzas are queued, and contacts still see the user as present.',
  meta: { clauses: ['C-2', 'M-1', 'M-4'] },
  tags: ['hibernating'],
  entry: ['armResumption', 'reportHibernationStart'],
  exit: ['clearResumption'],
  on: {
    'app.send': [
      {
        guard: 'noRoomWithoutLink',
        target: '#server.ended.expired',
        actions: ['hold', 'expireInStore', 'reportHibernationEnd', 'returnOverflow'],
        meta: { clauses: ['M-10', 'S-2', 'A-12'] },
      },
      {
        guard: 'crossesPressure',
        actions: ['hold', 'reportQueued', 'reportPressure'],
        meta: { clauses: ['M-4', 'M-10'] },
      },
      { actions: ['hold', 'reportQueued'], meta: { clauses: ['M-4'] } },
    ],
    'app.handled': { actions: ['handle'], meta: { clauses: ['A-14'] } },
    'app.requestAck': { actions: ['ignore'] },
    'app.active': { actions: ['ignore'] },
    'app.inactive': { actions: ['ignore'] },
    'app.keepFor': { actions: ['takeKeepTime'], meta: { clauses: ['M-1'] } },
    'timer.resumption': {
      target: '#server.ended.expired',
      actions: ['expireInStore', 'reportHibernationEnd', 'reportExpired', 'returnExpired'],
      meta: { clauses: ['M-1', 'M-2', 'A-12', 'R-8'] },
    },
    'store.evicted': {
      target: '#server.ended.expired',
      actions: ['expireInStore', 'reportHibernationEnd', 'reportEvicted', 'returnEvicted'],
      meta: { clauses: ['M-7', 'S-2', 'A-12'] },
    },
    'store.taken': {
      target: '#server.ended.superseded',
      actions: ['reportHibernationResumed', 'supersede'],
      meta: { clauses: ['R-4', 'R-6'] },
    },
    'store.outdated': {
      target: '#server.ended.expired',
      actions: ['acknowledgeWritten', 'expireInStore', 'reportHibernationEnd', 'returnAfterFailedResumption'],
      meta: { clauses: ['R-8', 'R-10', 'A-12'] },
    },
    'app.close': {
      target: '#server.ended.expired',
      actions: ['expireInStore', 'reportHibernationEnd', 'returnClosed'],
      meta: { clauses: ['A-12', 'R-8'] },
    },
  },
} satisfies ChartState;
