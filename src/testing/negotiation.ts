/**
 * The negotiation of a pair, which is minimal: the server says that it is ready, then the client resumes, or binds and enables;
 * or one request and one answer carry all of this, as in SASL2 and BIND2.
 */

import { hasTag } from '../index.js';
import type { TransportListener } from '../ports/index.js';
import type { ClientSession } from '../session/client-session.js';
import { printBind, receiveSuccess } from '../session/sasl2.js';
import type { ServerSession } from '../session/server-session.js';
import { CLIENT, type Element, SASL_2, STREAMS } from '../xml.js';
import type { Acted } from './application.js';
import { type Connection, createConnection } from './connection.js';
import type { LossyLink } from './lossy-link.js';

/** The listener at each end of a link. */
interface Ends {
  readonly client: TransportListener;
  readonly server: TransportListener;
}

/**
 * Joins both sessions by a link, and begins.
 * @param createLink makes the link between these ends
 * @returns a function that drops the client's end of the link
 */
export const negotiate = (
  initiating: ClientSession<Acted>,
  receiving: ServerSession<Acted>,
  createLink: (ends: Ends) => LossyLink,
): (() => void) => {
  const { isInline } = receiving.data;
  const near = createConnection(OWNER, FEATURES, (element) => clientHears(initiating, element, near));
  const far = createConnection(OWNER, FEATURES, (element) => serverHears(receiving, element, far));
  const link = createLink({ client: near.listener, server: far.listener });
  near.start(link.client, initiating);
  far.start(link.server, receiving);
  far.whenOpened(() => {
    link.server.write(HEADER);
    if (!isInline) receiving.authenticated(OWNER);
    receiving.writeUncounted(isInline ? LOGIN : FEATURES);
  });
  link.client.write(HEADER);
  return () => {
    link.client.destroy();
    near.listener.closed();
  };
};

const clientHears = (session: ClientSession<Acted>, element: Element, connection: Connection): void => {
  if (element.is('success', SASL_2) && connection.handle !== undefined) {
    receiveSuccess(element, connection.carried, OWNER, session, connection.handle);
  } else if (element.getChild('authentication', SASL_2)) {
    session.authenticating();
    const { carried } = connection;
    session.writeUncounted(
      `<authenticate xmlns='${SASL_2}'>${carried.resume ?? ''}${printBind(carried)}</authenticate>`,
    );
  } else if (element.is('features', STREAMS)) {
    if (!hasTag(session.state, 'unauthenticated')) return; // only after <success/>
    session.authenticated(OWNER);
    if (session.canResume) session.resume();
    else session.writeUncounted(BIND);
  } else if (element.is('bound', TESTING)) {
    session.bound();
    session.enable();
  }
};

const serverHears = (session: ServerSession<Acted>, element: Element, connection: Connection): void => {
  if (element.is('authenticate', SASL_2)) connection.answer(session, element);
  if (!element.is('bind', TESTING)) return;
  session.bound();
  session.writeUncounted(BOUND);
};

const OWNER = 'juliet@example.net';
const TESTING = 'urn:smacks:testing';
const HEADER = `<?xml version='1.0'?><stream:stream xmlns='${CLIENT}' xmlns:stream='${STREAMS}' version='1.0'>`;
const FEATURES = '<stream:features/>';
const LOGIN = `<stream:features><authentication xmlns='${SASL_2}'/></stream:features>`;
const BOUND = `<bound xmlns='${TESTING}'/>`;

/** The request of a client that begins a new session. */
export const BIND = `<bind xmlns='${TESTING}'/>`;
