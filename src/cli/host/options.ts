import { apS, chain, Do, left, right } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { parseJid } from '../../host/jid.js';
import {
  type Checked,
  type Flags,
  flag,
  type Given,
  obey,
  optional,
  type Reader,
  type Rule,
  readOptions,
  repeated,
  together,
  withDefault,
} from '../options.js';
import { stanzasNeedInspector, type TracingFlags, tracingOptions } from '../tracing-options.js';
import { type Address, address, oneOf, seconds, wholeNumber } from '../values.js';
import { lateAckBeforeDeadLink, type PolicyFlags, policyOptions } from './policy-options.js';

export interface HostFlags {
  readonly server: Flags<typeof serverOptions>;
  readonly policy: PolicyFlags;
  readonly limits: Flags<typeof limitOptions>;
  readonly tracing: TracingFlags;
}

export const readHost = (given: Given): Checked<HostFlags> =>
  pipe(
    together({
      server: readOptions(serverOptions, given),
      policy: readOptions(policyOptions, given),
      limits: readOptions(limitOptions, given),
      tracing: readOptions(tracingOptions, given),
    }),
    chain(obey(...rules)),
  );

/** A user and a password, as the `--account` option gives them. */
export interface Account {
  readonly user: string;
  readonly password: string;
}

/** The server of another domain. */
export interface Peer {
  readonly domain: string;
  readonly address: Address;
}

const account: Reader<Account> = (text) => {
  const [, user, password] = /^([^:]+):(.+)$/s.exec(text) ?? [];
  return user === undefined || password === undefined ? left('not USER:PASSWORD') : right({ user, password });
};

const domain: Reader<string> = (text) => {
  const jid = parseJid(text);
  const isDomain = jid !== undefined && jid.local === undefined && jid.resource === undefined;
  return isDomain ? right(text) : left('not a domain');
};

const peer: Reader<Peer> = (text) => {
  const [, name, where] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (name === undefined || where === undefined)
    return left('not DOMAIN=HOST:PORT, such as capulet.example=127.0.0.1:5269');
  return pipe(Do, apS('domain', domain(name.toLowerCase())), apS('address', address(where)));
};

/** The files of a certificate and of its private key. */
export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

const tlsFiles: Reader<TlsFiles> = (text) => {
  const [cert = '', key = '', ...rest] = text.split(',');
  return cert !== '' && key !== '' && rest.length === 0 ? right({ cert, key }) : left('not two file names: CERT,KEY');
};

const MOST = 2 ** 31 - 1;

export const serverOptions = {
  listen: optional('<host:port>', 'await clients here; port 0 is any free port', address),
  tlsListen: optional('<host:port>', 'await clients that start with TLS here (XEP-0368)', address),
  ws: optional('<host:port>', 'await WebSocket clients here, at /xmpp-websocket (RFC 7395)', address),
  wss: optional('<host:port>', 'the same over TLS', address),
  s2s: optional('<host:port>', 'await other servers here; only dialback tells who they are (XEP-0220)', address),
  s2sPeer: repeated('<domain=host:port>', 'where the server of another domain is; for several, repeat it', peer, {
    identity: (peer) => peer.domain,
  }),
  tls: optional('<cert,key>', 'PEM files of the certificate chain and its private key', tlsFiles),
  domain: withDefault('<name>', 'the domain of its users', domain, 'localhost'),
  account: repeated('<user:password>', 'who may log in; for several, repeat it', account, {
    identity: ({ user }) => user,
    secret: true,
  }),
  push: flag('send push notifications for clients that enable them (XEP-0357)'),
  acceptSm2: flag('also speak urn:xmpp:sm:2'),
  events: flag('print what happens to sessions on stderr, a line each'),
};

export const limitOptions = {
  maxHibernatedSessions: optional('<n>', 'hibernating sessions a user may have (default: 10)', wholeNumber(0, MOST)),
  maxOldSessions: optional(
    '<n>',
    'ended sessions of a user whose count is remembered (default: 10)',
    wholeNumber(0, MOST),
  ),
  oldSessionLifetime: optional('<seconds>', 'how long it is remembered (default: 172800)', seconds),
  maxUnauthenticated: optional('<n>', 'connections that have not logged in (default: 1000)', wholeNumber(1, MOST)),
  maxResources: optional('<n>', 'resources a user may have bound (default: 50)', wholeNumber(1, MOST)),
  probeIdle: optional(
    '<seconds>',
    'ask a client over TCP that was silent for so long; 0 never (default: 120)',
    seconds,
  ),
  maxOfflineMessages: optional(
    '<n>',
    'messages stored for a user (default: twice --max-queue-stanzas)',
    wholeNumber(0, MOST),
  ),
  maxOfflineBytes: optional(
    '<n>',
    'bytes of these messages (default: twice --max-queue-bytes and more)',
    wholeNumber(0, MOST),
  ),
  pushHibernationTime: optional('<seconds>', 'how long a session with push is kept (default: 259200)', seconds),
  onExpiry: withDefault(
    '<policy>',
    'what becomes of the stanzas of a session that nobody resumed: return, offline or drop',
    oneOf('return', 'offline', 'drop'),
    'offline',
  ),
};

const rules: readonly Rule<HostFlags>[] = [
  ({ server: { listen, tlsListen, ws, wss } }) =>
    [listen, tlsListen, ws, wss].every((address) => address === undefined)
      ? '--listen HOST:PORT is missing (or --tls-listen, --ws, --wss)'
      : undefined,
  ({ server }) => (server.account.length === 0 ? '--account USER:PASSWORD is missing' : undefined),
  ({ server: { tlsListen, tls } }) =>
    tlsListen !== undefined && tls === undefined ? '--tls-listen needs --tls CERT,KEY' : undefined,
  ({ server: { wss, tls } }) => (wss !== undefined && tls === undefined ? '--wss needs --tls CERT,KEY' : undefined),
  ({ server: { s2s, s2sPeer } }) =>
    s2sPeer.length > 0 && s2s === undefined
      ? '--s2s-peer needs --s2s HOST:PORT, where the other server asks whether we are who we say'
      : undefined,
  ({ server: { s2sPeer, domain } }) =>
    s2sPeer.some((peer) => peer.domain === domain.toLowerCase())
      ? `--s2s-peer ${domain}: that is the domain of this host`
      : undefined,
  ({ policy }) => lateAckBeforeDeadLink(policy),
  ({ tracing }) => stanzasNeedInspector(tracing),
];
