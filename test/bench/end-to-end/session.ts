/** A session of the raw client. */
import { type Link, newTally } from './link.js';
import { logIn, type Mechanism } from './login.js';
import type { Entrance } from './servers.js';

export interface Session {
  readonly user: string;
  readonly jid: string;
  /** Empty without stream management. */
  readonly smId: string;
  /** The connection it is on; resumption puts another in its place. */
  link: Link;
}

export interface SessionOptions {
  readonly mechanism?: Mechanism;
  /** With stream management; by default. */
  readonly managed?: boolean;
}

/** Bound, enabled, and available. */
export const begin = async (
  entrance: Entrance,
  user: string,
  { mechanism = 'PLAIN', managed = true }: SessionOptions = {},
): Promise<Session> => {
  const link = await logIn(entrance, user, mechanism);
  link.write("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>r</resource></bind></iq>");
  const [, jid = ''] = await link.until(/<jid>([^<]+)<\/jid><\/bind><\/iq>/);
  const smId = managed ? await enable(link) : '';
  link.count(newTally());
  link.write('<presence/>');
  return { user, jid, smId, link };
};

const enable = async (link: Link): Promise<string> => {
  link.write("<enable xmlns='urn:xmpp:sm:3' resume='true'/>");
  const [enabled] = await link.until(/<enabled [^>]*\/>/);
  return / id=['"]([^'"]+)/.exec(enabled)?.[1] ?? '';
};

/** On a new connection, the former one being gone. Resolves at `<resumed/>`. @returns rejects when the server does not */
export const resume = async (
  session: Session,
  entrance: Entrance,
  { mechanism = 'PLAIN', answers = true }: { readonly mechanism?: Mechanism; readonly answers?: boolean } = {},
): Promise<void> => {
  const tally = session.link.tally ?? newTally();
  const link = await logIn(entrance, session.user, mechanism);
  link.write(`<resume xmlns='urn:xmpp:sm:3' previd='${session.smId}' h='${tally.stanzas}'/>`);
  const [answer] = await link.until(/<(?:resumed|failed) [^>]*>/);
  if (answer.startsWith('<failed'))
    throw new Error(`${entrance.domain} does not resume the session of ${session.user}`);
  link.answers = answers;
  link.count(tally);
  session.link = link;
};
