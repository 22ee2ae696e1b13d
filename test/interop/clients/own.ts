/** Our own client, over whatever leads to the server. */
import { type Carrier, directTls, startTls, tcp, webSocket } from '../../support/client/carrier.js';
import { OwnClient } from '../../support/client/own-client.js';
import { type Entrance, mechanismFor, PASSWORD } from '../peers/peer.js';
import { type Client, type Connect, POLICY, RECONNECT_DELAY } from './client.js';
import { Inbox } from './inbox.js';
import { Reports } from './reports.js';

export const connectOwn: Connect = async (options): Promise<Client> => {
  const { entrance, port, user, resource } = options;
  const reports = new Reports(options);
  const inbox = new Inbox(options.onMessage);
  const client = new OwnClient({
    carrier: carrierTo(entrance, port),
    domain: entrance.domain,
    user,
    password: PASSWORD,
    mechanism: options.mechanism ?? mechanismFor(entrance.transport),
    resource,
    policy: { ...POLICY, ...options.policy },
    reconnectDelay: RECONNECT_DELAY,
    onReport: (report) => reports.add(report),
    onStanza: (stanza) => inbox.add(stanza),
  });
  client.start();
  await reports.nth('enabled');
  return {
    get jid() {
      return client.jid;
    },
    reports,
    messages: inbox.messages,
    received: (count) => inbox.received(count),
    send: (to, id, body) => client.send(to, id, body),
    probe: () => client.probe(),
    close: () => client.close(),
  };
};

const carrierTo = ({ transport, domain, path, ca }: Entrance, port: number): Carrier => {
  const tls = { ca, servername: domain };
  switch (transport) {
    case 'TCP':
      return tcp(port);
    case 'STARTTLS':
      return startTls(port, tls);
    case 'direct TLS':
      return directTls(port, tls);
    case 'WebSocket':
      return webSocket(port, path);
  }
};
