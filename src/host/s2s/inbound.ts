/**
 * A stream that another server opened to us: dialback, then a session in which stanzas come our way only. We answer for our
 * own keys on it too, whoever asks.
 */
import { randomUUID } from 'node:crypto';
import { type Report, SM_3, type TraceLine } from '../../index.js';
import type { Clock, Transport, TransportListener } from '../../ports/index.js';
import type { Stream } from '../../session/running-session.js';
import { CLIENT, createStreamParser, type Element, SERVER, type StreamListener, serverFraming } from '../../xml.js';
import { nothing } from '../gone.js';
import { parseJid } from '../jid.js';
import { type Closable, type ReceiverSession, type ReceiverSessions, receive, UNAUTHENTICATED } from '../receiving.js';
import { respond } from '../response-stream.js';
import type { StanzaCondition } from '../stanza-error.js';
import { askAuthority } from './authority.js';
import { translated } from './content.js';
import type { Address } from './dial.js';
import { domainOf, type ReceivedDialback, readDialback, writeDialback } from './dialback.js';
import type { Keys } from './keys.js';

/** XEP-0220: dialback, with errors that leave the stream alone. */
const DIALBACK_FEATURE = "<dialback xmlns='urn:xmpp:features:dialback'><errors/></dialback>";
/** Requests that lead to nothing, until the stream ends. */
const MAX_FAILURES = 3;

export interface InboundOptions {
  /** Ours. */
  readonly domain: string;
  readonly peers: ReadonlyMap<string, Address>;
  readonly keys: Keys;
  readonly sessions: ReceiverSessions;
  readonly clock: Clock;
  /** Seconds a server may take to be verified. */
  readonly negotiationTime: number;
  readonly trace?: (line: TraceLine & { readonly session: string }) => void;
  readonly report: (session: string, report: Report) => void;
  /** Whether a domain may have one more stream. */
  readonly hasRoomFor: (remote: string) => boolean;
  /** The server is verified. */
  readonly authenticated: () => void;
  /** A stanza from the verified domain, for ours, in the namespace of clients. */
  readonly accept: (stanza: Element) => void;
}

export interface Inbound extends TransportListener, Closable {
  readonly session: ReceiverSession;
}

export const acceptServer = (transport: Transport, given: InboundOptions): Inbound => {
  let options = given;
  const { domain, clock } = options;
  const streamId = randomUUID();
  let initiator: string | undefined;
  let remote: string | undefined;
  let asking = false;
  let failures = 0;
  let linked = true;

  const name = (): string => `${session.owner ?? 'unverified'}->${domain}`;

  const response = respond(transport, serverFraming, () => {
    const to = initiator === undefined ? {} : { to: initiator };
    return { from: domain, ...to, id: streamId, version: '1.0' };
  });
  const stream: Stream = {
    write: response.write,
    close() {
      linked = false;
      parser.close();
      response.close();
    },
    destroy: response.destroy,
    pause: response.pause,
    resume: response.resume,
  };

  /** Everything that is not stream management. */
  const negotiate = (element: Element): void => {
    const dialback = readDialback(element);
    if (dialback === 'misaddressed') violated('improper-addressing');
    else if (dialback?.type !== undefined) violated('policy-violation', 'nothing was asked of you on this stream');
    else if (dialback?.name === 'verify') vouch(dialback);
    else if (dialback?.name === 'result') verify(dialback);
    else violated(remote === undefined ? 'not-authorized' : 'unsupported-stanza-type');
  };

  /** We are the authority for our own domain: was this key made here? */
  const vouch = ({ from, to, id = '', key }: ReceivedDialback): void => {
    const isOurs = options.keys.isOurs(key, { receiving: from, originating: to, streamId: id });
    const answer = to === domain ? (isOurs ? 'valid' : 'invalid') : 'item-not-found';
    write(writeDialback({ name: 'verify', from: to, to: from, id, answer }));
  };

  const verify = ({ from, to, key }: ReceivedDialback): void => {
    const refuse = (answer: StanzaCondition): void => {
      failures += 1;
      write(writeDialback({ name: 'result', from: to, to: from, answer }));
      if (failures >= MAX_FAILURES) violated('policy-violation', 'too many attempts to be verified');
    };
    const address = options.peers.get(from);
    if (to !== domain) refuse('item-not-found');
    else if (from === domain) refuse('not-allowed');
    // One domain a stream, and one question at a time.
    else if (asking || (remote ?? from) !== from) refuse('resource-constraint');
    else if (remote === undefined && !options.hasRoomFor(from)) refuse('resource-constraint');
    else if (address === undefined) refuse('remote-server-not-found');
    else {
      asking = true;
      // The other server waits for the answer, and no longer than we would.
      const patience = options.negotiationTime / 2;
      void askAuthority({ address, from: domain, to: from, streamId, key, clock, patience }).then((verdict) => {
        asking = false;
        if (!linked) return;
        if (verdict === 'valid') verified(from);
        else if (verdict !== 'invalid') refuse(verdict);
        else {
          write(writeDialback({ name: 'result', from: to, to: from, answer: 'invalid' }));
          violated('not-authorized', 'the key is not that of the domain');
        }
      });
    }
  };

  /** Only now may stream management be offered (F-1); it comes in features of its own, for no new stream follows. */
  const verified = (from: string): void => {
    write(writeDialback({ name: 'result', from: domain, to: from, answer: 'valid' }));
    if (remote !== undefined) return;
    remote = from;
    inTime();
    parser.setLimits({});
    session.verified(from);
    write(`<stream:features><sm xmlns='${SM_3}'/></stream:features>`);
    options.authenticated();
  };

  /** A stanza, after it was counted (RFC 6120 sections 8.1.1.2 and 8.1.2.2). */
  const take = (stanza: Element): void => {
    const { from, to } = stanza.attrs;
    if (remote === undefined) violated('not-authorized');
    else if (hostOf(from) === undefined || hostOf(to) !== domain) violated('improper-addressing');
    else if (hostOf(from) !== remote) violated('invalid-from');
    else options.accept(translated(stanza, SERVER, CLIENT));
  };

  const reading: StreamListener = {
    streamOpen(attributes, defaultXmlns) {
      initiator = domainOf(attributes.from);
      if (domainOf(attributes.to) !== domain) violated('host-unknown');
      else if (attributes.from !== undefined && initiator === undefined) violated('improper-addressing');
      else if (defaultXmlns !== SERVER) violated('invalid-namespace');
      else if (!/^1[.]\d+$/.test(attributes.version ?? '')) violated('unsupported-version');
      else write(`<stream:features>${DIALBACK_FEATURE}</stream:features>`);
    },
    element: (element) => read(element),
    streamClose: () => link.closed(),
    violation: (violation) => link.violated(violation),
  };
  const parser = createStreamParser(UNAUTHENTICATED, reading);

  const { session, link, read, inTime, write, violated, close } = receive(stream, {
    sessions: options.sessions,
    clock,
    negotiationTime: options.negotiationTime,
    trace: options.trace && ((line) => options.trace?.({ ...line, session: name() })),
    report: (report) => options.report(name(), report),
    act: nothing,
    take,
    negotiate,
  });

  return {
    session,
    data: (text) => parser.write(text),
    malformed: () => violated('unsupported-encoding', 'a stream is in UTF-8'),
    closed() {
      linked = false;
      parser.close();
      link.lost();
      // The session may wait for its server for long: it keeps nothing of this connection.
      response.lost();
      options = { ...options, authenticated: nothing };
    },
    close,
  };
};

const hostOf = (address: string | undefined): string | undefined => parseJid(address ?? '')?.domain;
