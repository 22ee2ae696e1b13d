/** xmpp.js with the drop-in of this package: sockets, login and reconnecting are its own. */
import { client } from '@xmpp/client';
import { type Element, parse } from 'ltx';
import { WebSocket } from 'ws';
import { streamManagement } from '../../../src/xmppjs.js';
import {
  ASK_AFTER,
  ASK_EVERY,
  type Client,
  type ClientOptions,
  LOGIN_TIME,
  RECONNECT_AFTER,
  SILENCE,
} from './client.js';
import { createSplitter } from './splitter.js';
import { Watch } from './watch.js';

// What browsers and newer Nodes have of themselves.
if (!('WebSocket' in globalThis)) Object.assign(globalThis, { WebSocket });

/** The policy of a client in a hurry: times in seconds. */
const POLICY = {
  maxUnackedStanzas: ASK_EVERY,
  ackIdle: ASK_AFTER / 1000,
  maxAckDelay: SILENCE / 2000,
  deadAfter: SILENCE / 1000,
  maxQueueStanzas: 20_000,
};

export const createXmppjsClient = (options: ClientOptions): Client => {
  const { user, domain, resource, password, log, random } = options;
  const name = `${user}@${domain}/${resource}`;
  const xmpp = client({
    service: serviceOf(options),
    domain,
    resource,
    credentials: (authenticate: (credentials: object, mechanism: string) => Promise<void>) =>
      authenticate({ username: user, password }, 'PLAIN'),
  });
  xmpp.timeout = LOGIN_TIME;
  const sm = streamManagement(xmpp, { policy: POLICY, probeAfter: 1, negotiationTime: LOGIN_TIME / 1000 });
  const watch = new Watch(log, name);
  listenIn(xmpp, watch);
  let open = 0;
  let isWanted = false;
  let hasStarted = false;

  xmpp.on('error', (error: Error) => connectionErrors.add(error)); // connections that break are the point
  xmpp.on('online', () => options.onOnline());
  xmpp.on('disconnect', () => {
    xmpp.reconnect.delay = random.integer(...RECONNECT_AFTER);
  });
  xmpp.on('stanza', ({ name: kind, attrs }: Element) => {
    if (kind === 'presence' && attrs.type === 'subscribe') options.onSubscribe(attrs.from);
  });

  return {
    name,
    get isLive() {
      return isWanted && sm.status === 'enabled';
    },
    get isIdle() {
      return open === 0;
    },
    send(xml) {
      open += 1;
      const settled = (): void => {
        open -= 1;
      };
      sm.send(parse(xml)).acked.then(settled, settled);
    },
    start() {
      isWanted = true;
      hasStarted = true;
      xmpp.start().catch(() => {}); // xmpp.js connects again
    },
    async leave() {
      isWanted = false;
      await xmpp.stop().catch(() => undefined);
    },
    stop() {
      isWanted = false;
      xmpp.reconnect.stop();
      if (hasStarted) xmpp.stop().catch(() => undefined);
    },
  };
};

/**
 * What xmpp.js has reported. Its `start` leaves a promise behind that nobody can catch: when the connection breaks while it opens the
 * stream, that promise is rejected with the same error.
 */
const connectionErrors = new WeakSet<Error>();

export const isConnectionError = (cause: unknown): boolean => cause instanceof Error && connectionErrors.has(cause);

const serviceOf = ({ carrier, port, path }: ClientOptions): string =>
  carrier === 'TCP' ? `xmpp://127.0.0.1:${port}` : `ws://127.0.0.1:${port}${path}`;

/** What goes through xmpp.js on its way to and from the socket. The names with an underscore are those that its own modules use. */
interface Inside {
  _onElement(element: Element): void;
  write(text: string): Promise<void>;
  on(event: string, listener: () => void): unknown;
  prependListener(event: string, listener: () => void): unknown;
}

const listenIn = (xmpp: object, watch: Watch): void => {
  const inside = xmpp as Inside;
  const takeIn = inside._onElement.bind(inside);
  const write = inside.write.bind(inside);
  let splitter = createSplitter();
  inside._onElement = (element) => {
    watch.got(element);
    takeIn(element);
  };
  inside.write = (text) => {
    for (const part of splitter.push(text)) {
      if (part.type === 'element') watch.wrote(parse(part.text));
      if (part.type === 'close') watch.left();
    }
    return write(text);
  };
  inside.prependListener('connect', () => {
    splitter = createSplitter();
    watch.linked();
  });
  inside.prependListener('close', () => watch.parted());
  inside.prependListener('disconnect', () => watch.unlinked());
};
