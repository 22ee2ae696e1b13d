/** What we send: tracked from the moment it is accepted, never written around the count (design law 5). */
import type { Effect, Returned, ReturnReason } from './effects.js';
import type { AppEvent } from './events.js';
import { type Action, changed, on, report, unchanged } from './outcome.js';
import { amend, covering, draft, held, type Session } from './session.js';
import { append, EMPTY, type Entry, toArray } from './unacked.js';

type Send = Extract<AppEvent, { type: 'app.send' }>;

/** the count starts here. Stanzas that were held until now belong to it. */
export const beginOutbound: Action = (session, _event, policy) =>
  unchanged(
    amend(session, {
      acked: policy.initialCount,
      settled: 0,
      link: covering(session.link, policy.initialCount),
    }),
  );

/** Queues a stanza and writes it, behind whatever was held back. */
export const track: Action = (session, event) => {
  if (event.type !== 'app.send') return unchanged(session);
  const next = draft(session);
  next.unacked = append(session.unacked, entryOf(event));
  next.written = next.unacked.length;
  const transmit: Effect = { type: 'transmit', epoch: session.link.epoch, xml: event.stanza.xml };
  return held(session) === 0 ? changed(next, transmit) : changed(next, heldBack(session), transmit);
};

/** Queues a stanza for a link that is not there yet, or for a client that is not to be woken for it. */
export const hold: Action = on(['app.send'], (session, event) =>
  unchanged(amend(session, { unacked: append(session.unacked, entryOf(event)) })),
);

/** M-4: what a push service wants to know. */
export const reportQueued: Action = on(['app.send'], (session, event) =>
  changed(session, report({ type: 'stanzaQueued', stanza: entryOf(event) })),
);

/** everything unacknowledged, in order. */
export const replay: Action = (session) => {
  if (session.unacked.length === 0) return unchanged(session);
  const all = amend(session, { written: session.unacked.length });
  return changed(all, { type: 'replay', epoch: session.link.epoch, stanzas: toArray(session.unacked) });
};

/** Writes what was held back, in order: whatever is newer goes behind it. */
export const release: Action = (session) =>
  held(session) === 0
    ? unchanged(session)
    : changed(amend(session, { written: session.unacked.length }), heldBack(session));

const heldBack = ({ unacked, written, link }: Session): Effect => ({
  type: 'replay',
  epoch: link.epoch,
  stanzas: toArray(unacked).slice(written),
});

/** Writes a stanza that nothing counts: there is no stream management on this stream yet. */
export const transmitUncounted: Action = on(['app.send'], (session, event) =>
  changed(session, { type: 'transmit', epoch: session.link.epoch, xml: event.stanza.xml }),
);

/** Writes a stanza whose fate nobody will tell, and says so. */
export const transmitUnmanaged: Action = on(['app.send'], (session, event) =>
  changed(
    session,
    { type: 'transmit', epoch: session.link.epoch, xml: event.stanza.xml },
    returned('unmanaged', [{ ...entryOf(event), written: true }]),
  ),
);

/** Writes what was held to a stream that will not count it, and says so. */
export const releaseUnmanaged: Action = (session) => {
  if (session.unacked.length === 0) return unchanged(session);
  const unwritten = toArray(session.unacked).slice(session.written);
  const stanzas = returnedFrom(session).map((stanza) => ({ ...stanza, written: true }));
  return changed(
    emptied(session),
    { type: 'replay', epoch: session.link.epoch, stanzas: unwritten },
    returned('unmanaged', stanzas),
  );
};

/** Something outside the count, before the stream is ready. */
export const negotiate: Action = on(['app.writeUncounted'], (session, event) =>
  changed(session, { type: 'transmit', epoch: session.link.epoch, xml: event.xml }),
);

/** Hands a stanza straight back: there is no room for it, or no session. */
export const refuseStanza =
  (reason: ReturnReason): Action =>
  (session, event) =>
    event.type === 'app.send'
      ? changed(session, returned(reason, [{ ...entryOf(event), written: false }]))
      : unchanged(session);

/** Hands the whole queue back. */
export const returnUnacked =
  (reason: ReturnReason): Action =>
  (session) =>
    session.unacked.length === 0
      ? unchanged(session)
      : changed(emptied(session), returned(reason, returnedFrom(session)));

/** The same session without its queue, which goes elsewhere. */
export const emptied = (session: Session): Session =>
  amend(session, { unacked: EMPTY, written: 0, link: covering(session.link, session.acked) });

const returnedFrom = (session: Session): readonly Returned[] =>
  toArray(session.unacked).map((entry, index) => ({ ...entry, written: index < session.written }));

const returned = (reason: ReturnReason, stanzas: readonly Returned[]) => report({ type: 'returned', reason, stanzas });

const entryOf = ({ stanza: { xml, kind, type, key }, at }: Send): Entry => ({ xml, kind, type, at, key: key ?? null });
