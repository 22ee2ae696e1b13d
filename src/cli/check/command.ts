import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Address, address, seconds, wholeNumber } from '../values.js';

export interface CheckFlags {
  readonly server?: ServerAddress;
  readonly transport: 'tcp' | 'starttls' | 'tls' | 'ws';
  readonly account?: readonly CheckAccount[];
  readonly only?: readonly string[];
  readonly list?: boolean;
  readonly wait: number;
  readonly stress?: boolean;
  readonly insecure?: boolean;
  readonly initialCount: number;
  readonly json?: string;
  readonly junit?: string;
  readonly transcript?: string;
}

/** Where the server is; with a URL, over WebSocket. */
export interface ServerAddress extends Address {
  readonly webSocket?: { readonly tls: boolean; readonly path: string };
}

export interface CheckAccount {
  readonly user: string;
  readonly domain: string;
  readonly password: string;
}

export function addCheckCommand(program: Command): void {
  const command = program
    .command('check')
    .description('Check any XMPP server for XEP-0198, from outside.')
    .usage('--server HOST:PORT --account JID:PASSWORD --account JID:PASSWORD [options]');
  for (const option of options()) command.addOption(option);
  command.addHelpText('after', EXAMPLES).action(async (flags: CheckFlags) => {
    const fault = faultIn(flags);
    if (fault !== undefined) command.error(fault);
    const { runCheck } = await import('./run.js');
    await runCheck(flags);
  });
}

const options = (): readonly Option[] => [
  new Option('--server <address>', 'HOST:PORT, or the ws: or wss: URL of a WebSocket').argParser(serverAddress),
  new Option('--transport <how>', 'how to reach it').choices(['tcp', 'starttls', 'tls', 'ws']).default('tcp'),
  new Option('--account <jid:password>', 'an account made for this; repeat it: two at least').argParser(addAccount),
  new Option('--only <id,...>', 'these checks: by id, by subject, or by the id of a clause').argParser(names),
  new Option('--list', 'print the checks with their clauses, and run none'),
  new Option('--wait <seconds>', 'how long a check may wait for a session to expire').argParser(seconds).default(10),
  new Option('--stress', 'also send more than a client would: thousands of stanzas, many sessions'),
  new Option('--insecure', 'take any certificate; on this machine any is taken'),
  new Option('--initial-count <n>', 'the server was started with both counters here, to check the roll-over')
    .argParser(wholeNumber(0, 2 ** 32 - 1))
    .default(0),
  new Option('--json <file>', 'write the results as JSON; - is stdout'),
  new Option('--junit <file>', 'write them as JUnit XML; - is stdout'),
  new Option('--transcript <directory>', 'write what crossed the wire, a file for each check'),
];

function faultIn({ server, account = [], transport, list, json, junit }: CheckFlags): string | undefined {
  if (list) return undefined;
  if (server === undefined) return "required option '--server <address>' not specified";
  if (account.length < 2) return '--account: two accounts are needed, so that one can see the other';
  const [first] = account;
  const stranger = account.find(({ domain }) => domain !== first?.domain);
  if (stranger !== undefined) return `--account: ${stranger.domain} is not ${first?.domain}; all are of one server`;
  if (server.webSocket !== undefined && !['tcp', 'ws'].includes(transport))
    return `--server: a URL is for a WebSocket, not for --transport ${transport}`;
  if (json === '-' && junit === '-') return '--json and --junit cannot both go to stdout';
  return undefined;
}

function serverAddress(text: string): ServerAddress {
  if (!/^wss?:/i.test(text)) return address(text);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.hostname === '')
    throw new InvalidArgumentError('It takes a URL such as ws://127.0.0.1:5280/xmpp-websocket.');
  const tls = url.protocol === 'wss:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return {
    host,
    port: url.port === '' ? (tls ? 443 : 80) : Number(url.port),
    webSocket: { tls, path: url.pathname + url.search },
  };
}

function addAccount(text: string, earlier: readonly CheckAccount[] = []): readonly CheckAccount[] {
  const [, user, domain, password] = /^([^:@/]+)@([^:@/]+):(.+)$/s.exec(text) ?? [];
  if (user === undefined || domain === undefined || password === undefined)
    throw new InvalidArgumentError('It takes JID:PASSWORD, such as romeo@localhost:secret.');
  if (earlier.some((account) => account.user === user && account.domain === domain))
    throw new InvalidArgumentError(`${user}@${domain} is given twice.`);
  return [...earlier, { user, domain, password }];
}

function names(text: string): readonly string[] {
  return text.split(',').map((name) => name.trim());
}

const EXAMPLES = `
Take accounts that nobody uses: the check reads their offline messages. More of them, in pairs, make it faster.
Each check has a verdict: pass; fail, a MUST is broken; warn, a SHOULD is, or it will be regretted; skip, with the reason.
The exit code is 0 when nothing failed, 1 when something did, 2 when the check could not run.
Certificates are verified unless the server is on this machine, or --insecure is given.

Examples:
  smacks check --server 127.0.0.1:5222 --account romeo@localhost:secret --account juliet@localhost:secret
  smacks check --server xmpp.example:5223 --transport tls --account a@xmpp.example:x --account b@xmpp.example:y --junit sm.xml
  smacks check --server ws://127.0.0.1:5280/xmpp-websocket --account ... --account ... --only resumption,E-9
  smacks check --list`;
