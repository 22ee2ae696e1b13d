/** The link of a session: actions that set, change and drop it (design law 6), and actions that write without a count. */
import { peerViolation } from './failures.js';
import { type Action, changed, on, unchanged } from './outcome.js';
import { amend, amendLink, freshLink, NO_LINK } from './session.js';

export const takeLink: Action = on(['link.opened'], (session, event) =>
  unchanged(amend(session, { link: freshLink(event.epoch, session.acked) })),
);

/** The data of a link is dropped with its connection. */
export const dropLink: Action = (session) => unchanged(amend(session, { link: NO_LINK }));

/** The same, but the request is kept: the store has not answered it yet. */
export const dropLinkUnanswered: Action = (session) =>
  unchanged(amend(session, { link: { ...NO_LINK, request: session.link.request } }));

export const takeOwner: Action = on(['app.authenticated', 'app.verified'], (session, event) =>
  unchanged(amend(session, { owner: event.owner })),
);

/** The server answers in the version of the protocol that the client used. */
export const takeVersion: Action = on(['peer.enable', 'peer.resume'], (session, event) =>
  unchanged(amendLink(session, { xmlns: event.xmlns })),
);

export const markActive: Action = (session) => unchanged(amendLink(session, { inactive: false }));

export const markInactive: Action = (session) => unchanged(amendLink(session, { inactive: true }));

/** Writes an element that is never counted: a nonza of another protocol, or a part of the stream's negotiation. */
export const transmitUncounted: Action = on(['app.writeUncounted'], (session, event) =>
  changed(session, { type: 'transmit', epoch: session.link.epoch, xml: event.xml }),
);

/** Writes a stanza to a stream without stream management. */
export const transmitUnmanaged: Action = on(['app.send'], (session, event) =>
  changed(session, { type: 'transmit', epoch: session.link.epoch, xml: event.stanza.xml }),
);

/** Sends the stream error of `app.close`, if there is one, and closes the stream. */
export const closeStream: Action = (session, event) => {
  const { epoch } = session.link;
  const close = { type: 'link.close', epoch, graceful: true } as const;
  if (event.type !== 'app.close' || event.error === undefined) return changed(session, close);
  return changed(session, { type: 'stream.error', epoch, violation: peerViolation(event.error, '') }, close);
};

/** Destroys a link whose peer does not answer: a graceful close would wait for the peer (P-2). */
export const destroyLink: Action = (session) =>
  changed(session, { type: 'link.close', epoch: session.link.epoch, graceful: false });
