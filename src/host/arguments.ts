/** Checks what a program gives the host: a wrong option fails here, before a port is open. */
import {
  check,
  checkFlag,
  checkFunction,
  checkLimit,
  checkMethods,
  checkNames,
  checkObject,
  checkSeconds,
  checkText,
} from '../arguments/check.js';
import { MAX_SECONDS } from '../xml.js';
import type { Account } from './accounts.js';
import type { HostOptions, ListenOptions } from './options.js';

/** @throws TypeError that names the option. `createHost` checks the policy itself */
export const checkHostOptions = (options: HostOptions): void => {
  checkNames('options', options, HOST_OPTIONS);
  const { domain, accounts, onExpiry, tls, s2s, store, clock, trace, onEvent } = options;
  if (domain !== undefined) checkText('options.domain', domain);
  checkAccounts(accounts);
  for (const name of ['maxHibernatedSessions', 'maxOldSessions', 'maxOfflineMessages', 'maxOfflineBytes'] as const)
    checkOptional(checkLimit, name, options[name]);
  for (const name of ['scramIterations', 'maxUnauthenticated', 'maxResources'] as const)
    checkOptional(checkPositive, name, options[name]);
  for (const name of ['oldSessionLifetime', 'negotiationTime', 'probeIdle', 'pushHibernationTime'] as const)
    checkOptional(checkSeconds, name, options[name]);
  const { pushHibernationTime = 0 } = options;
  check(
    pushHibernationTime <= MAX_SECONDS,
    'options.pushHibernationTime',
    `at most ${MAX_SECONDS}`,
    pushHibernationTime,
  );
  for (const name of ['acceptSm2', 'push'] as const) checkFlag(`options.${name}`, options[name]);
  check(
    onExpiry === undefined || ['return', 'offline', 'drop'].includes(onExpiry),
    'options.onExpiry',
    "'return', 'offline' or 'drop'",
    onExpiry,
  );
  if (tls !== undefined) checkObject('options.tls', tls);
  if (s2s !== undefined) checkPeers(s2s);
  if (store !== undefined) checkMethods('options.store', store, ['save', 'claim', 'hibernate', 'expire', 'forget']);
  if (clock !== undefined) checkMethods('options.clock', clock, ['now', 'at']);
  for (const [name, hear] of Object.entries({ trace, onEvent }))
    if (hear !== undefined) checkFunction(`options.${name}`, hear);
};

/** @throws TypeError that names the option */
export const checkListenOptions = (options: ListenOptions): void => {
  checkNames('options', options, LISTEN_OPTIONS);
  const { host, port, pingInterval } = options;
  checkText('options.host', host);
  checkPort('options.port', port);
  checkOptional(checkSeconds, 'pingInterval', pingInterval);
  for (const name of ['direct', 'websocket', 's2s'] as const) checkFlag(`options.${name}`, options[name]);
};

const checkOptional = <T>(checks: (name: string, value: T) => void, name: string, value: T | undefined): void => {
  if (value !== undefined) checks(`options.${name}`, value);
};

const checkPositive = (name: string, value: number): void => checkLimit(name, value, 1);

const checkPort = (name: string, port: number): void =>
  check(Number.isInteger(port) && port >= 0 && port <= 65_535, name, 'a whole number from 0 to 65535', port);

const checkAccounts = (accounts: HostOptions['accounts']): void => {
  checkObject('options.accounts', accounts);
  if ('proves' in accounts) checkMethods('options.accounts', accounts, ['has', 'credentials', 'proves']);
  else {
    check(Array.isArray(accounts), 'options.accounts', 'a list of { user, password }, or Accounts', accounts);
    for (const [index, account] of accounts.entries()) checkAccount(`options.accounts[${index}]`, account);
  }
};

/** A password is a secret: the error does not show it. */
const checkAccount = (name: string, account: Account): void => {
  checkNames(name, account, { user: true, password: true });
  checkText(`${name}.user`, account.user);
  check(typeof account.password === 'string', `${name}.password`, 'text', typeof account.password);
};

const checkPeers = (s2s: NonNullable<HostOptions['s2s']>): void => {
  checkNames('options.s2s', s2s, { peers: true });
  checkObject('options.s2s.peers', s2s.peers);
  for (const [domain, address] of Object.entries(s2s.peers)) {
    const name = `options.s2s.peers[${JSON.stringify(domain)}]`;
    checkObject(name, address);
    checkText(`${name}.host`, address.host);
    checkPort(`${name}.port`, address.port);
  }
};

const HOST_OPTIONS: Readonly<Record<keyof HostOptions, true>> = {
  domain: true,
  accounts: true,
  scramIterations: true,
  tls: true,
  policy: true,
  onExpiry: true,
  maxHibernatedSessions: true,
  maxOldSessions: true,
  oldSessionLifetime: true,
  acceptSm2: true,
  negotiationTime: true,
  probeIdle: true,
  maxUnauthenticated: true,
  maxResources: true,
  maxOfflineMessages: true,
  maxOfflineBytes: true,
  push: true,
  pushHibernationTime: true,
  s2s: true,
  store: true,
  clock: true,
  trace: true,
  onEvent: true,
};

const LISTEN_OPTIONS: Readonly<Record<keyof ListenOptions, true>> = {
  host: true,
  port: true,
  direct: true,
  websocket: true,
  pingInterval: true,
  s2s: true,
};
