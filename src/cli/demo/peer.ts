import { traced } from '../../client.js';
import {
  type Receipt,
  type StreamManagementOptions,
  streamManagement,
} from '../../drop-ins/xmppjs/stream-management.js';
import { type Address, createCuttingProxy } from '../../testing/cutting-proxy.js';
import type { PlannedCut } from './cuts.js';
import { CLIENT_POLICY, PROBE_AFTER, RECONNECT_DELAY } from './pace.js';
import { watchWire } from './wire.js';
import type { Xmppjs } from './xmppjs.js';

/** A client and the wire that can be cut between it and the host. */
export interface Peer {
  readonly name: string;
  /** The full JID. */
  readonly jid: string;
  readonly resumptions: number;
  readonly failedResumptions: number;
  /** Sends a numbered chat message, online or not. */
  send(to: string, number: number): Pick<Receipt, 'acked'>;
  /**
   * Cuts the connection, as soon as there is one that this cut can be made on; rejects when `signal` aborts.
   * @returns whether the session was on it already
   */
  cut(planned: PlannedCut, signal: AbortSignal): Promise<boolean>;
  close(): Promise<void>;
}

export interface PeerOptions {
  readonly xmppjs: Xmppjs;
  readonly host: Address;
  readonly domain: string;
  readonly name: string;
  readonly password: string;
  /** A numbered chat message arrived; NaN for one without a number. */
  onMessage(number: number): void;
  readonly trace?: NonNullable<StreamManagementOptions['trace']>;
}

/** Resolves when the client is online. */
export const connectPeer = async (options: PeerOptions): Promise<Peer> => {
  const { xmppjs, host, domain, name, password, onMessage, trace } = options;
  const proxy = await createCuttingProxy({ target: host });
  const xmpp = xmppjs.client({
    service: `xmpp://127.0.0.1:${proxy.port}`,
    domain,
    resource: 'demo',
    username: name,
    password,
  });
  xmpp.reconnect.delay = RECONNECT_DELAY;
  const sm = streamManagement(xmpp, {
    policy: CLIENT_POLICY,
    probeAfter: PROBE_AFTER,
    ...(trace && { traced, trace }),
  });
  const counts = { resumptions: 0, failedResumptions: 0 };
  const wire = watchWire(proxy);
  sm.on('enabled', wire.live);
  sm.on('resumed', () => {
    counts.resumptions += 1;
    wire.live();
  });
  sm.on('resumptionFailed', () => {
    counts.failedResumptions += 1;
  });
  xmpp.on('error', () => {}); // cut connections are the point, and xmpp.js reconnects by itself
  xmpp.on('stanza', (stanza) => {
    if (stanza.is('message') && stanza.attrs.type === 'chat')
      onMessage(Number.parseInt(stanza.getChildText('body') ?? '', 10));
  });
  const close = async (): Promise<void> => {
    xmpp.reconnect.stop();
    await xmpp.stop();
    await proxy.close();
  };
  try {
    const jid = await xmpp.start();
    return {
      name,
      jid: String(jid),
      get resumptions() {
        return counts.resumptions;
      },
      get failedResumptions() {
        return counts.failedResumptions;
      },
      send: (to, number) =>
        sm.send(xmppjs.xml('message', { to, type: 'chat', id: `m${number}` }, xmppjs.xml('body', {}, textOf(number)))),
      cut: wire.cut,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

/** The number, and text of some length with characters of one to four bytes, so that cuts fall into all of them. */
const textOf = (number: number): string => `${number} ${TEXT.slice(0, (number * 7) % TEXT.length).join('')}`;

const TEXT = [
  ...'It is the east, and Juliet is the sun. Ärise, faïr sun — 𝄞 — and kill the enviöus moon. 🌙 '.repeat(3),
];
