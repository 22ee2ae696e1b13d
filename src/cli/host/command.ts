import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Address, address, seconds, wholeNumber } from '../values.js';
import { type PolicyFlags, policyFault, policyOptions } from './policy-options.js';

/** A user and a password, as `--account` gives them. */
export interface Account {
  readonly user: string;
  readonly password: string;
}

export interface HostFlags extends PolicyFlags {
  readonly listen?: Address;
  readonly tlsListen?: Address;
  readonly ws?: Address;
  readonly wss?: Address;
  /** The files of `--tls`. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly domain: string;
  readonly account: readonly Account[];
  readonly maxHibernatedSessions?: number;
  readonly maxOldSessions?: number;
  readonly oldSessionLifetime?: number;
  readonly maxUnauthenticated?: number;
  readonly maxResources?: number;
  readonly onExpiry: 'return' | 'offline' | 'drop';
  readonly acceptSm2?: boolean;
  readonly push?: boolean;
  readonly trace?: string;
  readonly events?: boolean;
}

export function addHostCommand(program: Command): void {
  const command = program
    .command('host')
    .description('Run the reference host: a small XMPP server to try stream management on.')
    .usage('--listen HOST:PORT --account USER:PASSWORD [options]');
  for (const option of serverOptions()) command.addOption(option);
  for (const option of [...policyOptions(), ...storeOptions()]) command.addOption(option.helpGroup('Policy:'));
  command.addHelpText('after', EXAMPLES).action(async (flags: HostFlags) => {
    const fault = listenFault(flags) ?? policyFault(flags);
    if (fault !== undefined) command.error(fault);
    const { runHost } = await import('./run.js');
    await runHost(flags);
  });
}

const serverOptions = (): readonly Option[] => [
  new Option('--listen <host:port>', 'await clients here; port 0 is any free port').argParser(address),
  new Option('--tls-listen <host:port>', 'await clients that start with TLS here (XEP-0368)').argParser(address),
  new Option('--ws <host:port>', 'await WebSocket clients here, at /xmpp-websocket (RFC 7395)').argParser(address),
  new Option('--wss <host:port>', 'the same over TLS').argParser(address),
  new Option('--tls <cert,key>', 'PEM files of the certificate chain and its private key').argParser(tlsFiles),
  new Option('--domain <name>', 'the domain of its users').default('localhost'),
  new Option('--account <user:password>', 'who may log in; for several, repeat it')
    .argParser(addAccount)
    .makeOptionMandatory(),
  new Option('--push', 'send push notifications for clients that enable them (XEP-0357)'),
  new Option('--events', 'print what happens to sessions on stderr, a line each'),
  new Option('--trace <file>', 'append every step of every session to this file, as lines of JSON'),
];

const storeOptions = (): readonly Option[] => [
  new Option('--max-hibernated-sessions <n>', 'hibernating sessions a user may have (default: 10)').argParser(some),
  new Option('--max-old-sessions <n>', 'ended sessions of a user whose count is remembered (default: 10)').argParser(
    some,
  ),
  new Option('--old-session-lifetime <seconds>', 'how long it is remembered (default: 172800)').argParser(seconds),
  new Option('--max-unauthenticated <n>', 'connections that have not logged in (default: 1000)').argParser(oneOrMore),
  new Option('--max-resources <n>', 'resources a user may have bound (default: 50)').argParser(oneOrMore),
  new Option('--on-expiry <policy>', 'what becomes of the stanzas of a session that nobody resumed')
    .choices(['return', 'offline', 'drop'])
    .default('offline'),
  new Option('--accept-sm2', 'also speak urn:xmpp:sm:2'),
];

function listenFault({ listen, tlsListen, ws, wss, tls }: HostFlags): string | undefined {
  if ([listen, tlsListen, ws, wss].every((address) => address === undefined))
    return "required option '--listen <host:port>' (or --tls-listen, --ws, --wss) not specified";
  if (tlsListen !== undefined && tls === undefined) return '--tls-listen needs --tls CERT,KEY';
  if (wss !== undefined && tls === undefined) return '--wss needs --tls CERT,KEY';
  return undefined;
}

function tlsFiles(text: string): { cert: string; key: string } {
  const [cert = '', key = '', ...rest] = text.split(',');
  if (cert !== '' && key !== '' && rest.length === 0) return { cert, key };
  throw new InvalidArgumentError('It takes two file names: CERT,KEY.');
}

function addAccount(text: string, earlier: readonly Account[] = []): readonly Account[] {
  const [, user, password] = /^([^:]+):(.+)$/s.exec(text) ?? [];
  if (user === undefined || password === undefined) throw new InvalidArgumentError('It takes USER:PASSWORD.');
  if (earlier.some((account) => account.user === user)) throw new InvalidArgumentError(`${user} is given twice.`);
  return [...earlier, { user, password }];
}

const some = wholeNumber(0, 2 ** 31 - 1);
const oneOrMore = wholeNumber(1, 2 ** 31 - 1);

const EXAMPLES = `
Times are in seconds. SIGINT or SIGTERM stops it and returns what is undelivered; a second one stops it at once.
Passwords on a command line are seen by every user of the machine: the host is for trying things out.

Examples:
  smacks host --listen 127.0.0.1:5222 --account romeo:secret --account juliet:secret --events
  smacks host --listen [::1]:0 --tls cert.pem,key.pem --domain capulet.example --account juliet:secret
  smacks host --ws 127.0.0.1:5280 --account romeo:secret
  smacks host --listen 127.0.0.1:5222 --account romeo:secret --hibernation-time 30 --initial-count 4294967290`;
