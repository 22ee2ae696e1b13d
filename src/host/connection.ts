/**
 * One connection of a client: the stream around a session. It opens streams, upgrades to TLS, authenticates, binds, and
 * gives everything else to the session; what the session writes goes out behind a stream header.
 */
import { randomUUID } from 'node:crypto';
import type { Report, TraceLine } from '../index.js';
import type { Transport, TransportListener } from '../ports/index.js';
import type { Stream } from '../session/running-session.js';
import { answerInline, type InlineAnswer, type Proof } from '../session/sasl2.js';
import {
  CLIENT,
  CSI,
  type Element,
  type Framing,
  SASL_2,
  type StreamLimits,
  type StreamListener,
  type StreamParser,
} from '../xml.js';
import { bindRequest, bindResult, resourceFor } from './binding.js';
import { loginFeatures, sessionFeatures } from './features.js';
import { CLOSED, nothing } from './gone.js';
import type { Hub, UserSession } from './hub.js';
import { type Login, mechanismsOn, SASL, startLogin } from './login.js';
import { type Closable, type ReceiverSessions, receive, UNAUTHENTICATED } from './receiving.js';
import { respond } from './response-stream.js';
import { stanzaError } from './stanza-error.js';

/** The defaults of the parser. */
const AUTHENTICATED: StreamLimits = {};

export interface ConnectionOptions {
  readonly hub: Hub;
  readonly sessions: ReceiverSessions;
  readonly framing: Framing;
  /** Offers STARTTLS: called behind `<proceed/>`. */
  readonly startTls?: () => void;
  readonly acceptSm2: boolean;
  /** Seconds a client may take to bind or resume. */
  readonly negotiationTime: number;
  readonly trace?: (line: TraceLine & { readonly session: string }) => void;
  readonly report: (session: string, report: Report) => void;
  /** The client has authenticated. */
  readonly authenticated: () => void;
}

export const accept = (accepted: Transport, given: ConnectionOptions): TransportListener & Closable => {
  let options = given;
  const { hub, framing } = options;
  const { domain, policy, clock } = hub.options;
  let login: Login | undefined;
  let account: string | undefined;
  let user: UserSession | undefined;
  let parser: StreamParser;
  /** Whom the stream header says the client is; nobody in particular when it does not say. */
  let claimed: string | undefined;
  /** While a SASL2 request is being answered. */
  let inline: InlineAnswer | undefined;

  const name = (): string => user?.name ?? account ?? 'unauthenticated';

  const response = respond(accepted, framing, () => ({
    id: randomUUID(),
    from: domain,
    version: '1.0',
    'xml:lang': 'en',
  }));
  const stream: Stream = {
    write(xml, nonza) {
      if (inline === undefined) response.write(xml);
      else inline.write(xml, nonza);
    },
    close() {
      parser.close();
      for (const xml of inline?.behind ?? []) response.write(xml);
      response.close();
    },
    destroy: response.destroy,
    pause: response.pause,
    resume: response.resume,
  };

  const act = (report: Report): void => {
    const { smId } = session;
    if (report.type === 'acknowledged') hub.acknowledged(report.stanzas);
    if (report.type === 'enabled' && user !== undefined && smId !== null) hub.resumable(user, smId);
    if (report.type === 'returned' && user !== undefined) hub.returned(user, report.stanzas, report.reason);
    if (report.type === 'ended') over();
  };

  const over = (): void => {
    if (user?.running === session && session.status !== 'superseded') hub.gone(user);
  };

  const features = (): string =>
    account === undefined
      ? loginFeatures({
          transport: response.transport,
          startTls: options.startTls !== undefined,
          resume: policy.resume,
        })
      : sessionFeatures({
          bound: user !== undefined,
          enabled: session.status === 'enabled',
          acceptSm2: options.acceptSm2,
        });

  /** Everything that is not stream management. */
  const negotiate = (element: Element): void => {
    if (element.is('starttls', 'urn:ietf:params:xml:ns:xmpp-tls')) upgrade();
    else if (isLogin(element) && account === undefined) authenticate(element);
    else if (user === undefined) violated('not-authorized');
    else if (element.is('active', CSI)) session.active();
    else if (element.is('inactive', CSI)) session.inactive();
    else violated('unsupported-stanza-type');
  };

  const upgrade = (): void => {
    // A login that has begun would be answered inside TLS, to somebody who may be another.
    if (options.startTls === undefined || response.transport.secure || login !== undefined) {
      violated('policy-violation');
      return;
    }
    write("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    response.restart();
    parser.close();
    options.startTls();
    parser = framing.createParser(UNAUTHENTICATED, reading);
  };

  const authenticate = (element: Element): void => {
    login ??= startLogin({
      accounts: hub.options.accounts,
      domain,
      offered: (xmlns) => mechanismsOn(response.transport, xmlns),
      write,
      claimed: () => claimed,
      failed: () => violated('policy-violation', 'Too many failed attempts to authenticate'),
      succeeded(proof) {
        account = proof.account;
        options.authenticated();
        if (proof.request.is('authenticate', SASL_2)) goOn(proof);
        else startAnew(proof);
      },
    });
    login.receive(element);
  };

  /** RFC 6120 section 6.4.6: a new stream follows. */
  const startAnew = (proof: Proof): void => {
    write(`<success xmlns='${SASL}'>${proof.data ?? ''}</success>`);
    response.restart();
    session.authenticated(proof.account);
    parser.restart(AUTHENTICATED);
  };

  /** XEP-0388 section 2.6.1: the stream goes on. */
  const goOn = (proof: Proof): void => {
    parser.setLimits(AUTHENTICATED);
    inline = answerInline(proof, {
      session,
      link,
      bind(request, userAgentId) {
        const jid = resourceFor(proof.account, request.tag, userAgentId);
        user = jid && hub.bind(jid, session);
        if (user !== undefined) inTime();
        return user !== undefined;
      },
      jid: () => user?.name,
      features,
      done(replies) {
        inline = undefined;
        for (const xml of replies) response.write(xml);
      },
    });
    inline.begin();
  };

  /** A stanza, after it was counted. */
  const take = (stanza: Element): void => {
    if (user !== undefined) hub.accept(user, stanza);
    else if (account === undefined) violated('not-authorized');
    else bindOrRefuse(stanza, account);
  };

  const bindOrRefuse = (stanza: Element, authenticated: string): void => {
    const jid = bindRequest(stanza, authenticated);
    user = jid && hub.bind(jid, session);
    if (user === undefined) refuse(stanza, jid === undefined ? 'not-authorized' : 'resource-constraint');
    else {
      inTime();
      write(bindResult(stanza, user.name));
      session.bound();
    }
  };

  const refuse = (stanza: Element, condition: Parameters<typeof stanzaError>[1]): void => {
    const error = stanzaError(stanza, condition);
    if (error !== undefined) write(error.toString());
  };

  const reading: StreamListener = {
    streamOpen(attributes, defaultXmlns) {
      claimed = attributes.from;
      if (attributes.to !== undefined && attributes.to.toLowerCase() !== domain) violated('host-unknown');
      else if (defaultXmlns !== CLIENT) violated('invalid-namespace');
      else if (!/^1[.]\d+$/.test(attributes.version ?? '')) violated('unsupported-version');
      else write(features());
    },
    element(element) {
      // XEP-0388 section 2.4: while a client authenticates it says nothing else.
      if ((inline !== undefined || login?.isExclusive) && !isLogin(element))
        violated('not-authorized', 'wait for the answer to <authenticate/>');
      else read(element);
    },
    streamClose: () => link.closed(),
    violation: (violation) => link.violated(violation),
  };
  parser = framing.createParser(UNAUTHENTICATED, reading);

  const { session, link, read, inTime, write, violated, close } = receive(stream, {
    sessions: options.sessions,
    clock,
    negotiationTime: options.negotiationTime,
    trace: options.trace && ((line) => options.trace?.({ ...line, session: name() })),
    report(report) {
      const { smId } = session;
      if (user === undefined && smId !== null) user = hub.moved(smId, session);
      options.report(name(), report);
    },
    act,
    take,
    negotiate,
  });

  return {
    data: (text) => parser.write(text),
    malformed(reason) {
      if (reason instanceof RangeError) violated('policy-violation', 'message too long');
      else violated('unsupported-encoding', 'a stream is in UTF-8');
    },
    closed() {
      parser.close();
      link.lost();
      // The session may wait for its client for long: it keeps nothing of this connection.
      response.lost();
      parser = CLOSED;
      login = undefined;
      const { startTls: _startTls, ...others } = options;
      options = { ...others, authenticated: nothing };
    },
    close,
  };
};

const isLogin = (element: Element): boolean => element.getNS() === SASL || element.getNS() === SASL_2;
