/** Chapter 5: a session without a link waits to be resumed, and another link claims it (C-2, M-1, M-4, R-4 to R-11). */
import { acknowledge, entryOf } from './acking.js';
import { emptied } from './ending.js';
import { type Action, changed, type Guard, misuse, on, report, unchanged } from './outcome.js';
import { amend, sent } from './session.js';
import { toArray } from './unacked.js';

export const isResumable: Guard = (session) => session.smId !== null;

/** M-1: the embedder keeps the session longer or shorter than was agreed. The peer is not told: it may always ask for the session. */
export const takeKeepTime: Action = on(['app.keepFor'], (session, event, _policy, state) => {
  if (!(event.seconds >= 0 && event.seconds <= MOST_SECONDS))
    return changed(session, misuse(event.type, 'a field is missing or wrong', state));
  return unchanged(session.smId === null ? session : amend(session, { max: event.seconds }));
});

/** M-7: the session counts against its owner's limit from now on. */
export const hibernateInStore: Action = (session) =>
  session.owner === null || session.smId === null
    ? unchanged(session)
    : changed(session, { type: 'store.hibernate', owner: session.owner, smId: session.smId });

export const reportHibernationStart: Action = (session, event) =>
  changed(
    session,
    report({
      type: 'hibernationStart',
      until: session.timers.resumption ?? event.at + session.max * 1000,
      unacked: session.unacked.length,
      stanzas: toArray(session.unacked),
    }),
  );

export const reportHibernationEnd: Action = (session) =>
  changed(session, report({ type: 'hibernationEnd', resumed: false }));

export const reportHibernationResumed: Action = (session) =>
  changed(session, report({ type: 'hibernationEnd', resumed: true }));

/** M-4: a push service can wake the client for this stanza. */
export const reportQueued: Action = on(['app.send'], (session, event) =>
  changed(session, report({ type: 'stanzaQueued', stanza: entryOf(event) })),
);

/** The client has every stanza that the record of this session has as written. */
export const acknowledgeWritten: Action = (session) => acknowledge(session, sent(session));

/** another link has the session with its queue. */
export const supersede: Action = (session) => changed(emptied(session), report({ type: 'superseded' }));

/** As for `hibernationTime`: 136 years. */
const MOST_SECONDS = 0xffffffff;
