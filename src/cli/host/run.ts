import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { createHost, type Host, type TlsIdentity } from '../../host/index.js';
import { parseJid } from '../../host/jid.js';
import { Failure, reasonOf } from '../failure.js';
import { openTraceFile } from '../trace-file.js';
import { type Address, formatAddress } from '../values.js';
import type { HostFlags } from './command.js';
import { eventLine } from './event-line.js';

/**
 * Runs the host until a signal stops it; prints one line when it listens.
 * @returns rejects with Failure when a file, an account or a port is not to be had
 */
export async function runHost(flags: HostFlags): Promise<void> {
  const { listen, tlsListen, ws, wss, tls, account, trace, events, ...options } = flags;
  const { domain, onExpiry, maxHibernatedSessions, maxOldSessions, oldSessionLifetime, ...others } = options;
  const { maxUnauthenticated, maxResources, acceptSm2, push, ...policy } = others;
  const { local, resource } = parseJid(domain) ?? { resource: '' };
  if (local !== undefined || resource !== undefined) throw new Failure(`--domain ${domain}: not a domain`, 2);
  const identity = tls && (await readIdentity(tls));
  const tracing = trace === undefined ? undefined : await openTraceFile(trace);
  const host = await createHost({
    domain,
    accounts: account,
    policy,
    onExpiry,
    ...(identity && { tls: identity }),
    ...(maxHibernatedSessions !== undefined && { maxHibernatedSessions }),
    ...(maxOldSessions !== undefined && { maxOldSessions }),
    ...(oldSessionLifetime !== undefined && { oldSessionLifetime }),
    ...(maxUnauthenticated !== undefined && { maxUnauthenticated }),
    ...(maxResources !== undefined && { maxResources }),
    ...(acceptSm2 && { acceptSm2 }),
    ...(push && { push }),
    ...(tracing && { trace: tracing.write }),
    ...(events && { onEvent: (event) => process.stderr.write(`${eventLine(event, new Date())}\n`) }),
  }).catch(fail('--account', 2));
  const stopped = stopSignal();
  try {
    const ports = [
      ...(listen ? [await listenOn(host, listen)] : []),
      ...(tlsListen ? [`${await listenOn(host, tlsListen, { direct: true })} (TLS)`] : []),
      ...(ws ? [`${await listenOn(host, ws, { websocket: true })} (WebSocket)`] : []),
      ...(wss ? [`${await listenOn(host, wss, { websocket: true, direct: true })} (WebSocket over TLS)`] : []),
    ];
    process.stdout.write(`smacks host: ${domain} listens on ${ports.join(' and ')}\n`);
    await stopped;
  } finally {
    await host.close();
    tracing?.end();
  }
}

async function readIdentity(files: { readonly cert: string; readonly key: string }): Promise<TlsIdentity> {
  const read = (file: string): Promise<Buffer> => readFile(file).catch(fail(`--tls ${file}`));
  const identity = { cert: await read(files.cert), key: await read(files.key) };
  try {
    createSecureContext(identity);
  } catch (error) {
    throw new Failure(`--tls ${files.cert},${files.key}: ${reasonOf(error)}`);
  }
  return identity;
}

async function listenOn(
  host: Host,
  wanted: Address,
  how: { readonly direct?: boolean; readonly websocket?: boolean } = {},
): Promise<string> {
  const got = await host.listen({ ...wanted, ...how }).catch(fail(`cannot listen on ${formatAddress(wanted)}`));
  return formatAddress(got);
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once, with the exit code shells give. */
function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    let stopping = false;
    const stop = (_name: string, number: number): void => {
      if (stopping) process.exit(128 + number);
      stopping = true;
      resolve();
    };
    process.on('SIGINT', stop).on('SIGTERM', stop);
  });
}

const fail =
  (what: string, exitCode: 1 | 2 = 1) =>
  (error: unknown): never => {
    throw new Failure(`${what}: ${reasonOf(error)}`, exitCode);
  };
