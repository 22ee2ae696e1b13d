/**
 * One connection of a client: the stream around a session. It opens streams, upgrades to TLS, authenticates, binds, and
 * gives everything else to the session; what the session writes goes out behind a stream header.
 */
import { randomUUID } from 'node:crypto';
import { answerInline, type InlineAnswer, type Proof } from '../adapters/sasl2.js';
import { type LinkHandle, type RunningSession, run, type Stream } from '../adapters/session.js';
import { open, peerViolation, type Report, type TraceLine } from '../index.js';
import type { SessionStore, Transport, TransportListener } from '../ports/index.js';
import {
  CSI,
  type Element,
  type Framing,
  SASL_2,
  type StreamLimits,
  type StreamListener,
  type StreamParser,
} from '../xml/index.js';
import { bindRequest, bindResult, resourceFor } from './binding.js';
import { loginFeatures, sessionFeatures } from './features.js';
import { CLOSED, GONE, nothing } from './gone.js';
import type { Hub, UserSession } from './hub.js';
import { type Login, SASL, startLogin } from './login.js';
import { mechanismsFor } from './sasl/index.js';
import { stanzaError } from './stanza-error.js';

/** Anybody can send this much, and needs no more to log in. */
export const UNAUTHENTICATED: StreamLimits = { maxStanzaBytes: 16 * 1024, maxDepth: 8, maxElements: 64 };
/** The defaults of the parser. */
const AUTHENTICATED: StreamLimits = {};

export interface ConnectionOptions {
  readonly hub: Hub;
  readonly store: SessionStore;
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
  let transport = accepted;
  let headerSent = false;
  let login: Login | undefined;
  let account: string | undefined;
  let user: UserSession | undefined;
  let parser: StreamParser;
  let closing = false;
  /** Whom the stream header says the client is; nobody in particular when it does not say. */
  let claimed: string | undefined;
  /** While a SASL2 request is being answered. */
  let inline: InlineAnswer | undefined;

  const name = (): string => user?.name ?? account ?? 'unauthenticated';

  const stream: Stream = {
    write(xml, nonza) {
      if (inline === undefined) put(xml);
      else inline.write(xml, nonza);
    },
    close() {
      parser.close();
      for (const xml of inline?.behind ?? []) put(xml);
      sendHeader();
      transport.write(framing.footer);
      transport.end();
    },
    destroy: () => transport.destroy(),
    pause: () => transport.pause(),
    resume: () => transport.resume(),
  };

  const put = (xml: string): void => {
    sendHeader();
    transport.write(framing.frame(xml));
  };

  const session: RunningSession = run({
    state: open('server', policy),
    store: options.store,
    clock,
    reading: { contentNamespace: 'jabber:client', acceptSm2: options.acceptSm2 },
    ...(options.trace && { trace: (line: TraceLine) => options.trace?.({ ...line, session: name() }) }),
    deliver(stanza, position) {
      take(stanza);
      if (policy.deferHandling && position !== null) session.tell({ type: 'app.handled', position });
    },
    report: (report) => hear(report),
  });
  const link: LinkHandle = session.attach(stream);
  const tooLate = clock.at(clock.now() + options.negotiationTime * 1000, () =>
    session.tell({ type: 'app.close', error: 'connection-timeout' }),
  );

  const hear = (report: Report): void => {
    const { smId } = session.state.session;
    if (user === undefined && smId !== null) user = hub.moved(smId, session);
    try {
      options.report(name(), report);
    } finally {
      act(report);
    }
  };

  const act = (report: Report): void => {
    const { smId } = session.state.session;
    if (report.name === 'resumed') tooLate();
    if (report.name === 'acknowledged') hub.acknowledged(report.stanzas);
    if (report.name === 'enabled' && user !== undefined && smId !== null) hub.resumable(user, smId);
    if (report.name === 'returned' && user !== undefined) hub.returned(user, report.stanzas, report.reason);
    // It arrived from the store when its link had been closed already.
    if (report.name === 'hibernationStart' && closing) session.tell({ type: 'app.close' });
    if (report.name === 'ended') over();
  };

  const over = (): void => {
    tooLate();
    if (user?.running === session && session.state.configuration !== 'ended.superseded') hub.gone(user);
  };

  const write = (xml: string): void => session.tell({ type: 'app.negotiate', xml });

  const violated = (condition: Parameters<typeof peerViolation>[0], text = ''): void =>
    link.violated(peerViolation(condition, text));

  /** Ahead of the first thing that is written to a stream. */
  const sendHeader = (): void => {
    if (headerSent) return;
    headerSent = true;
    transport.write(framing.header({ id: randomUUID(), from: domain, version: '1.0', 'xml:lang': 'en' }));
  };

  const features = (): string =>
    account === undefined
      ? loginFeatures({
          startTls: options.startTls !== undefined && !transport.secure,
          mechanisms: offered(SASL),
          inlineMechanisms: offered(SASL_2),
          resume: policy.resume,
        })
      : sessionFeatures({
          bound: user !== undefined,
          enabled: session.state.configuration.startsWith('enabled'),
          acceptSm2: options.acceptSm2,
        });

  /** XEP-0388 section 4: never without TLS. */
  const offered = (xmlns: string): readonly string[] =>
    xmlns === SASL_2 && !transport.secure ? [] : mechanismsFor(transport.secure || transport.loopback);

  /** Everything that is not stream management. */
  const negotiate = (element: Element): void => {
    if (element.is('starttls', 'urn:ietf:params:xml:ns:xmpp-tls')) upgrade();
    else if (isLogin(element) && account === undefined) authenticate(element);
    else if (user === undefined) violated('not-authorized');
    else if (element.is('active', CSI)) session.tell({ type: 'app.active' });
    else if (element.is('inactive', CSI)) session.tell({ type: 'app.inactive' });
    else violated('unsupported-stanza-type');
  };

  const upgrade = (): void => {
    // A login that has begun would be answered inside TLS, to somebody who may be another.
    if (options.startTls === undefined || transport.secure || login !== undefined) {
      violated('policy-violation');
      return;
    }
    write("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
    headerSent = false;
    parser.close();
    options.startTls();
    parser = framing.createParser(UNAUTHENTICATED, reading);
  };

  const authenticate = (element: Element): void => {
    login ??= startLogin({
      accounts: hub.options.accounts,
      domain,
      offered,
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
    headerSent = false;
    session.tell({ type: 'app.authenticated', owner: proof.account });
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
        if (user !== undefined) tooLate();
        return user !== undefined;
      },
      jid: () => user?.name,
      features,
      done(replies) {
        inline = undefined;
        for (const xml of replies) put(xml);
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
    if (jid === undefined) {
      refuse(stanza, 'not-authorized');
      return;
    }
    user = hub.bind(jid, session);
    if (user === undefined) {
      refuse(stanza, 'resource-constraint');
      return;
    }
    tooLate();
    write(bindResult(stanza, user.name));
    session.tell({ type: 'app.bound' });
  };

  const refuse = (stanza: Element, condition: Parameters<typeof stanzaError>[1]): void => {
    const error = stanzaError(stanza, condition);
    if (error !== undefined) write(error.toString());
  };

  const reading: StreamListener = {
    streamOpen(attributes, defaultXmlns) {
      claimed = attributes.from;
      if (attributes.to !== undefined && attributes.to.toLowerCase() !== domain) violated('host-unknown');
      else if (defaultXmlns !== 'jabber:client') violated('invalid-namespace');
      else if (!/^1[.]\d+$/.test(attributes.version ?? '')) violated('unsupported-version');
      else write(features());
    },
    element(element) {
      // XEP-0388 section 2.4: while a client authenticates it says nothing else.
      if ((inline !== undefined || login?.isExclusive) && !isLogin(element))
        violated('not-authorized', 'wait for the answer to <authenticate/>');
      else if (!link.receive(element)) link.inOrder(() => negotiate(element));
    },
    streamClose: () => link.closed(),
    violation: (violation) => link.violated(violation),
  };
  parser = framing.createParser(UNAUTHENTICATED, reading);

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
      transport = GONE;
      parser = CLOSED;
      login = undefined;
      const { startTls: _startTls, ...others } = options;
      options = { ...others, authenticated: nothing };
    },
    close() {
      closing = true;
      session.tell({ type: 'app.close', error: 'system-shutdown' });
    },
  };
};

const isLogin = (element: Element): boolean => element.getNS() === SASL || element.getNS() === SASL_2;

export interface Closable {
  /** The host shuts down. */
  close(): void;
}
