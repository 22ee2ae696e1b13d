/** The options of `checkServer`, and the search for faults in them. */
import type { Check } from './check.js';
import type { Account } from './client.js';
import type { Result } from './run.js';
import { isLoopback, parseServer, type Target } from './target.js';

export interface CheckServerOptions {
  /** `HOST:PORT`, with an IPv6 address in brackets; or the `ws:` or `wss:` URL of a WebSocket. */
  readonly server: string;
  /** The transport for HOST:PORT; a URL is always a WebSocket. `ws` uses the path `/xmpp-websocket`. Default tcp. */
  readonly transport?: 'tcp' | 'starttls' | 'tls' | 'ws' | undefined;
  /**
   * Two or more accounts of one domain. No other client may use them: the check reads their offline messages. Accounts work
   * in pairs, so each further pair makes the run faster. `jid` is a bare JID.
   */
  readonly accounts: readonly { readonly jid: string; readonly password: string }[];
  /** The checks to run. Default: every check. */
  readonly checks?: readonly Check[] | undefined;
  /** Seconds that a check may wait for a session to expire. Default 10. */
  readonly wait?: number | undefined;
  /** Also run the checks that load the server: thousands of stanzas, many sessions. Default false. */
  readonly stress?: boolean | undefined;
  /** Accept any certificate. Default false; the check always accepts any certificate of a server on this machine. */
  readonly insecure?: boolean | undefined;
  /** The start value of a session's counters in the server, 0 to 2^32-1. Default 0. */
  readonly initialCount?: number | undefined;
  /** Milliseconds that an answer may take. Default 5000. */
  readonly patience?: number | undefined;
  /** Called with each result when its check ends. */
  readonly onResult?: ((result: Result) => void) | undefined;
}

/** A fault of one option, alone or in combination with other options. */
export interface OptionFault {
  /** The name of the option, also of an unknown option. */
  readonly option: string;
  readonly reason: string;
}

/** Finds all faults of the options. @throws TypeError when `options` is not an object */
export const faultsIn = (options: CheckServerOptions): readonly OptionFault[] => {
  if (typeof options !== 'object' || options === null) throw new TypeError('options must be an object');
  const { server, transport = 'tcp', accounts, checks = [], wait = 10, initialCount = 0, patience = 5000 } = options;
  const { stress = false, insecure = false, onResult } = options;
  const address = parseServer(String(server));
  const faults: readonly (OptionFault | false)[] = [
    address === undefined && { option: 'server', reason: 'not HOST:PORT, nor the ws: or wss: URL of a WebSocket' },
    !TRANSPORTS.includes(transport) && { option: 'transport', reason: `not one of ${TRANSPORTS.join(', ')}` },
    address?.webSocket !== undefined &&
      ['starttls', 'tls'].includes(transport) && {
        option: 'transport',
        reason: `a URL is that of a WebSocket, which ${transport} does not reach`,
      },
    !(Number.isFinite(wait) && wait >= 0) && { option: 'wait', reason: 'not a number of seconds' },
    !(Number.isInteger(initialCount) && initialCount >= 0 && initialCount < 2 ** 32) && {
      option: 'initialCount',
      reason: 'not a whole number from 0 to 4294967295',
    },
    !(typeof patience === 'number' && patience > 0) && { option: 'patience', reason: 'not a number of milliseconds' },
    !(Array.isArray(checks) && checks.every(isCheck)) && { option: 'checks', reason: 'not a list of checks' },
    typeof stress !== 'boolean' && { option: 'stress', reason: 'not true or false' },
    typeof insecure !== 'boolean' && { option: 'insecure', reason: 'not true or false' },
    onResult !== undefined && typeof onResult !== 'function' && { option: 'onResult', reason: 'not a function' },
  ];
  return [...unknownIn(options), ...faults.filter((fault) => fault !== false), ...accountFaults(accounts)];
};

const isCheck = (value: Check | undefined): boolean => typeof value?.id === 'string' && typeof value.run === 'function';

const unknownIn = (options: CheckServerOptions): readonly OptionFault[] =>
  Object.keys(options)
    .filter((option) => !Object.hasOwn(KNOWN, option))
    .map((option) => ({ option, reason: `unknown; the options are ${Object.keys(KNOWN).join(', ')}` }));

const KNOWN: Readonly<Record<keyof CheckServerOptions, true>> = {
  server: true,
  transport: true,
  accounts: true,
  checks: true,
  wait: true,
  stress: true,
  insecure: true,
  initialCount: true,
  patience: true,
  onResult: true,
};

const accountFaults = (accounts: CheckServerOptions['accounts']): readonly OptionFault[] => {
  const fault = (reason: string): readonly OptionFault[] => [{ option: 'accounts', reason }];
  if (!Array.isArray(accounts) || accounts.length < 2)
    return fault('two accounts are needed, so that one can see the other');
  const read = accounts.map((account) => accountOf(account?.jid, account?.password));
  const wrongAt = read.indexOf(undefined);
  if (wrongAt >= 0) return fault(`${accounts[wrongAt]?.jid} is not a bare JID with a password`);
  const [domain = '', ...others] = read.map((account) => domainOf(account?.jid ?? ''));
  const stranger = others.find((other) => other !== domain);
  if (stranger !== undefined) return fault(`${stranger} is not ${domain}; all accounts are of one server`);
  const jids = read.map((account) => account?.jid);
  const twice = jids.find((jid, index) => jids.indexOf(jid) < index);
  return twice === undefined ? [] : fault(`${twice} is given twice`);
};

/** Builds the target from options that have no fault. */
export const targetOf = ({ server, transport = 'tcp', accounts, insecure = false }: CheckServerOptions): Target => {
  const { host = '', port = 0, webSocket } = parseServer(server) ?? {};
  const loopback = isLoopback(host);
  return {
    host,
    port,
    transport: webSocket === undefined ? transport : webSocket.tls ? 'wss' : 'ws',
    path: webSocket?.path ?? '/xmpp-websocket',
    domain: domainOf(accounts[0]?.jid ?? ''),
    insecure: insecure || loopback,
    loopback,
  };
};

/** @returns undefined when the values do not form an account */
export const accountOf = (jid: string, password: string): Account | undefined => {
  const [, user] = /^([^:@/]+)@[^:@/]+$/.exec(jid) ?? [];
  return user === undefined || typeof password !== 'string' || password === '' ? undefined : { user, password, jid };
};

const domainOf = (jid: string): string => jid.slice(jid.indexOf('@') + 1);

const TRANSPORTS = ['tcp', 'starttls', 'tls', 'ws'];
