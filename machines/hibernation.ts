/**
 * Chapter 5: the receiving entity waits for a client that went away (XEP-0198 section 5, mod_smacks' hibernation).
 *
 * The session goes on: it takes stanzas and keeps its counters, and contacts see the user as before. The session ends when its time is
 * over, when its owner has too many such sessions, or when its queue is full. Each time every stanza is returned and the last h is kept.
 * The session moves to another link when that link claims it with an h that the session can go on from.
 */
import type { ChartState, Transition } from './vocabulary.js';

/** Another link claims this session. The session itself judges the claim; when it refuses, it stays as it was. */
export const claims: Transition[] = [
  { guard: 'claimIsTooHigh', actions: ['answerTooHigh'], meta: { clauses: ['R-5', 'A-8'] } },
  { guard: 'claimIsStale', actions: ['answerStale'], meta: { clauses: ['R-5', 'A-9'] } },
];

export const hibernating = {
  description:
    'The link is lost and the session waits to be resumed: stanzas are queued, and contacts do not see that the user is gone.',
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
      { actions: ['hold', 'reportQueued'], meta: { clauses: ['M-4'] } },
    ],
    'app.handled': { actions: ['handle'], meta: { clauses: ['A-14'] } },
    'app.requestAck': { actions: ['ignore'] },
    'app.active': { actions: ['ignore'] },
    'app.inactive': { actions: ['ignore'] },
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
    'store.wanted': [
      ...claims,
      {
        target: '#server.ended.superseded',
        actions: ['reportHibernationResumed', 'surrender'],
        meta: { clauses: ['R-4', 'R-6'] },
      },
    ],
    'app.close': {
      target: '#server.ended.expired',
      actions: ['expireInStore', 'reportHibernationEnd', 'returnClosed'],
      meta: { clauses: ['A-12', 'R-8'] },
    },
  },
} satisfies ChartState;
