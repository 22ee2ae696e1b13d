/** xmpp.js with the drop-in, over its own sockets. */
import { client, xml } from '@xmpp/client';
import { WebSocket } from 'ws';
import { streamManagement } from '../../../src/drop-ins/xmppjs/stream-management.js';
import type { Report } from '../../../src/index.js';
import type { Element } from '../../../src/xml.js';
import { type Entrance, mechanismFor, PASSWORD } from '../peers/peer.js';
import { type Client, type Connect, POLICY, RECONNECT_DELAY } from './client.js';
import { Inbox } from './inbox.js';
import { Reports } from './reports.js';

/** Milliseconds that xmpp.js waits for each step of `start`; its own 2 seconds are few on a busy machine. */
const PATIENCE = 20_000;

// What browsers and newer Nodes have of themselves.
if (!('WebSocket' in globalThis)) Object.assign(globalThis, { WebSocket });

export const connectXmppjs: Connect = async (options): Promise<Client> => {
  const { entrance, port, user, resource, mechanism = mechanismFor(options.entrance.transport) } = options;
  const xmpp = client({
    service: serviceOf(entrance, port),
    domain: entrance.domain,
    resource,
    credentials: (authenticate: (credentials: object, mechanism: string) => Promise<void>) =>
      authenticate({ username: user, password: PASSWORD }, mechanism),
  });
  xmpp.reconnect.delay = RECONNECT_DELAY;
  const sm = streamManagement(xmpp, { policy: { ...POLICY, ...options.policy } });
  const reports = new Reports(options);
  const inbox = new Inbox(options.onMessage);
  for (const name of REPORTS) sm.on(name, (report) => reports.add(report));
  xmpp.on('error', () => {}); // connections that break are the point, and xmpp.js connects again
  xmpp.on('stanza', (stanza: Element) => inbox.add(stanza));
  const { timeout } = xmpp;
  xmpp.timeout = PATIENCE;
  await Promise.all([xmpp.start(), reports.nth('enabled')]);
  xmpp.timeout = timeout;
  return {
    get jid() {
      return String(xmpp.jid);
    },
    reports,
    messages: inbox.messages,
    received: (count) => inbox.received(count),
    probe: sm.probe,
    send: (to, id, body = id) => sm.send(xml('message', { to, id, type: 'chat' }, xml('body', {}, body))),
    async close() {
      xmpp.reconnect.stop();
      await xmpp.stop().catch(() => undefined);
    },
  };
};

const serviceOf = ({ transport, path }: Entrance, port: number): string => {
  const address = `127.0.0.1:${port}`;
  if (transport === 'WebSocket') return `ws://${address}${path}`;
  return `${transport === 'direct TLS' ? 'xmpps' : 'xmpp'}://${address}`;
};

const REPORTS: readonly Report['type'][] = [
  'enabled',
  'refused',
  'acknowledged',
  'returned',
  'resumed',
  'resumptionFailed',
  'hibernationStart',
  'expired',
  'violation',
  'toleratedViolation',
  'misuse',
  'ended',
];
