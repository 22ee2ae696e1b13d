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

/** A client, and the wire between the client and the host. The wire can be cut. */
export interface Peer {
  readonly name: string;
  /** The full JID of the client. */
  readonly jid: string;
  readonly resumptions: number;
  readonly failedResumptions: number;
  /** Sends a numbered chat message. The client may be offline. */
  send(to: string, number: number): Pick<Receipt, 'acked'>;
  /**
   * Waits until there is a connection that this cut can be made on, and cuts it; rejects when `signal` aborts.
   * @returns whether the session was already on the connection
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
  /** Called when a numbered chat message arrives. The number is NaN when the message has no number. */
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
  xmpp.on('error', () => {}); // the demo cuts connections on purpose, and xmpp.js reconnects by itself
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

/**
 * The text of a message: its number, then characters of one to four bytes. The length varies, so that cuts fall into
 * all characters.
 */
const textOf = (number: number): string => `${number} ${TEXT.slice(0, (number * 7) % TEXT.length).join('')}`;

const TEXT = [
  ...'It is the east, and Juliet is the sun. Ärise, faïr sun — 𝄞 — and kill the enviöus moon. 🌙 '.repeat(3),
];
