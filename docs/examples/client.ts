/**
 * A complete XMPP client over a WebSocket (RFC 7395), for browsers and for Node: SASL PLAIN, resource binding, a receipt for each
 * stanza, reconnection with back-off, and stream management with resumption. The page "Embedding a client" explains it step by step.
 *
 * Browsers and Node 22 have a WebSocket; Node 20 has one when it is started with `--experimental-websocket`.
 */
import { createSession, type Returned, type ReturnReason, SM_3, type StanzaKind, XmlStream } from 'smacks/client';
import { fromWebSocket, SUBPROTOCOL, type Transport } from 'smacks/transport/websocket';
import { type Element, print, STREAMS, webSocketFraming } from 'smacks/xml';

export interface ClientOptions {
  /** The address of the WebSocket: `wss:`, because PLAIN shows the password to everyone on the network. */
  readonly service: string;
  /** The bare JID. */
  readonly jid: string;
  readonly password: string;
  /** A resource is bound, and a new session begins: send presence. A resumption does not call this function. */
  onOnline(fullJid: string): void;
  onStanza(stanza: Element): void;
  /** The client has given up, because a new attempt would end in the same way. */
  onStopped?(reason: string): void;
}

export interface Client {
  /** Sends at any time, also while there is no connection. */
  send(stanza: Element): Promise<Outcome>;
  close(): void;
}

/** The outcome of a stanza. A written stanza may have arrived, although the server did not acknowledge it. */
export type Outcome = 'acknowledged' | { readonly reason: ReturnReason; readonly written: boolean };

const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
const BIND = 'urn:ietf:params:xml:ns:xmpp-bind';
const LOGIN_TIME = 30_000;

export const connect = (options: ClientOptions): Client => {
  const [user = '', domain = ''] = options.jid.split('@');
  const receipts = new Map<string, (outcome: Outcome) => void>();
  let socket: WebSocket | undefined;
  let failures = 0;
  let isOffered = false;
  let isBinding = false;
  let isStopped = false;

  const startSession = () =>
    createSession({
      onStanza(stanza) {
        if (isBinding && stanza.is('iq')) begin(stanza);
        else options.onStanza(stanza);
      },
      onReport(report) {
        if (session.status === 'ended' && !isStopped) session = startSession();
        if (report.type === 'acknowledged') for (const { key } of report.stanzas) settle(key, 'acknowledged');
        if (report.type === 'returned') for (const stanza of report.stanzas) giveBack(stanza, report.reason);
        if (report.type === 'resumed') failures = 0;
        if (report.type === 'resumptionFailed') bind();
      },
    });
  let session = startSession();

  const settle = (key: string | null, outcome: Outcome): void => {
    receipts.get(key ?? '')?.(outcome);
    receipts.delete(key ?? '');
  };

  /** An unwritten stanza goes out on the next connection. A written stanza may have arrived: the application decides. */
  const giveBack = ({ xml, kind, type, key, written }: Returned, reason: ReturnReason): void => {
    if (written || isStopped || reason === 'queueFull') settle(key, { reason, written });
    else session.send({ xml, kind, type, key });
  };

  const bind = (): void => {
    isBinding = true;
    session.writeUncounted(`<iq type='set' id='bind'><bind xmlns='${BIND}'/></iq>`);
  };

  const begin = (answer: Element): void => {
    const jid = answer.getChild('bind', BIND)?.getChildText('jid');
    isBinding = false;
    failures = 0;
    session.bound();
    if (isOffered) session.enable();
    else session.decline();
    if (jid) options.onOnline(jid);
    else stop('the server binds no resource');
  };

  const dial = (): void => {
    if (isStopped) return;
    const dialled = new WebSocket(options.service, SUBPROTOCOL);
    dialled.onerror = () => {}; // `onclose` follows
    dialled.onclose = redial;
    dialled.onopen = () => {
      dialled.onclose = null;
      fromWebSocket(dialled, (transport) => new Connection(transport));
    };
    socket = dialled;
  };

  /** Waits for a random part of a growing time, so that the clients of a server do not all reconnect at once. */
  const redial = (): void => {
    failures += 1;
    setTimeout(dial, Math.random() * Math.min(60_000, 500 * 2 ** failures));
  };

  const stop = (reason: string): void => {
    isStopped = true;
    session.close();
    socket?.close();
    options.onStopped?.(reason);
  };

  class Connection extends XmlStream {
    readonly #patience = setTimeout(() => this.#giveUp(), LOGIN_TIME);
    #isAuthenticated = false;

    constructor(transport: Transport) {
      super(session, transport, webSocketFraming);
      this.openStream();
    }

    protected override header() {
      return { to: domain, version: '1.0' };
    }

    override streamOpen(): void {}

    override element(element: Element): void {
      if (element.is('error', STREAMS) && element.getChild('conflict')) stop('another client has the resource');
      super.element(element);
    }

    protected override negotiate(element: Element): void {
      if (element.is('features', STREAMS) && !this.#isAuthenticated)
        session.writeUncounted(`<auth xmlns='${SASL}' mechanism='PLAIN'>${plain(user, options.password)}</auth>`);
      else if (element.is('features', STREAMS)) {
        isOffered = element.getChild('sm', SM_3) !== undefined;
        if (isOffered && session.canResume) session.resume();
        else bind();
      } else if (element.is('success', SASL)) {
        this.#isAuthenticated = true;
        session.authenticated(options.jid);
        this.restart();
        this.openStream();
      } else if (element.is('failure', SASL)) stop('the server refuses the password');
    }

    override closed(): void {
      clearTimeout(this.#patience);
      super.closed();
      redial();
    }

    #giveUp(): void {
      if (session.status !== 'enabled' && session.status !== 'unmanaged') this.destroy();
    }
  }

  let lastKey = 0;
  dial();
  return {
    send(stanza) {
      lastKey += 1;
      const key = `${lastKey}`;
      const outcome = new Promise<Outcome>((resolve) => receipts.set(key, resolve));
      session.send({ xml: print(stanza), kind: stanza.getName() as StanzaKind, type: stanza.attrs.type ?? '', key });
      return outcome;
    },
    close: () => stop('closed by the application'),
  };
};

const plain = (user: string, password: string): string =>
  btoa(String.fromCharCode(...new TextEncoder().encode(`\0${user}\0${password}`)));
