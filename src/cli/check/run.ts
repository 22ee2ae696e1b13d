import { isIP } from 'node:net';
import { CannotRun, type Check, checks, type Result, runChecks, subjects, type Target } from '../../check.js';
import { Failure } from '../failure.js';
import { formatAddress } from '../values.js';
import type { CheckFlags, ServerAddress } from './command.js';
import { listOf } from './list.js';
import { showProgress } from './progress.js';
import { writeReports } from './reports.js';
import { tableOf } from './table.js';

/** @returns rejects with Failure when it cannot run; the exit code is 1 when a check failed */
export async function runCheck(flags: CheckFlags): Promise<void> {
  const chosen = choose(flags.only);
  if (flags.list) {
    process.stdout.write(`${listOf(chosen)}\n`);
    return;
  }
  const { server, account = [], wait, stress = false, initialCount } = flags;
  if (server === undefined) return;
  const progress = showProgress(chosen.length);
  const began = performance.now();
  try {
    const results = await runChecks({
      target: targetOf(server, flags, account[0]?.domain ?? ''),
      where: formatAddress(server),
      accounts: account.map(({ user, domain, password }) => ({ user, password, jid: `${user}@${domain}` })),
      checks: chosen,
      allowed: { wait, stress, initialCount },
      onResult: progress.show,
    });
    progress.close();
    await report(results, (performance.now() - began) / 1000, flags);
  } catch (error) {
    progress.close();
    if (error instanceof CannotRun) throw new Failure(withAdvice(error.message), 2);
    throw error;
  }
}

const report = async (results: readonly Result[], seconds: number, flags: CheckFlags): Promise<void> => {
  await writeReports(results, seconds, flags);
  const table = flags.json === '-' || flags.junit === '-' ? process.stderr : process.stdout;
  table.write(`${tableOf(results, seconds, table)}\n`);
  if (results.some(({ verdict }) => verdict === 'fail')) process.exitCode = 1;
};

const choose = (only: readonly string[] | undefined): readonly Check[] => {
  if (only === undefined) return checks;
  const chosen = new Set<Check>();
  for (const name of only) {
    const subject = Object.hasOwn(subjects, name) ? subjects[name] : undefined;
    const named = subject ?? checks.filter(({ id, clauses }) => id === name || clauses.includes(name));
    if (named.length === 0)
      throw new Failure(`--only ${name}: no check, subject or clause has this name; see --list`, 2);
    for (const check of named) chosen.add(check);
  }
  return checks.filter((check) => chosen.has(check));
};

const withAdvice = (message: string): string =>
  /certificate/i.test(message) ? `${message} (--insecure takes any certificate)` : message;

const targetOf = (server: ServerAddress, { transport, insecure = false }: CheckFlags, domain: string): Target => {
  const { host, port, webSocket } = server;
  const loopback = host === 'localhost' || (isIP(host) === 4 && host.startsWith('127.')) || host === '::1';
  return {
    host,
    port,
    transport: webSocket === undefined ? transport : webSocket.tls ? 'wss' : 'ws',
    path: webSocket?.path ?? '/xmpp-websocket',
    domain,
    insecure: insecure || loopback,
    loopback,
  };
};
