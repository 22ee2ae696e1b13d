import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { createHost, type Host, type TlsIdentity } from '../../host/host.js';
import { parseJid } from '../../host/jid.js';
import { Failure, reasonOf } from '../failure.js';
import { stopSignal } from '../stop-signal.js';
import { openTracing, type Tracing } from '../tracing.js';
import { type Address, formatAddress } from '../values.js';
import type { HostFlags } from './command.js';
import { eventLine } from './event-line.js';

/**
 * Runs the host until a signal stops it; prints one line when it listens.
 * @returns rejects with Failure when a file, an account or a port is not to be had
 */
export async function runHost(flags: HostFlags): Promise<void> {
  const { domain, tls, s2sPeer } = flags;
  if (!isDomain(domain)) throw new Failure(`--domain ${domain}: not a domain`, 2);
  for (const peer of Object.keys(s2sPeer ?? {})) {
    if (!isDomain(peer)) throw new Failure(`--s2s-peer ${peer}: not a domain`, 2);
  }
  const identity = tls && (await readIdentity(tls));
  const tracing = await openTracing(flags);
  try {
    const host = await hostOf(flags, identity, tracing).catch(fail('--account', 2));
    const stopped = stopSignal();
    try {
      process.stdout.write(`smacks host: ${domain} listens on ${(await listenOnAll(host, flags)).join(' and ')}\n`);
      for (const url of tracing.urls) process.stdout.write(`smacks host: the sessions are shown at ${url}\n`);
      await stopped;
    } finally {
      await host.close();
    }
  } finally {
    await tracing.close();
  }
}

function hostOf(flags: HostFlags, identity: TlsIdentity | undefined, { trace }: Tracing): Promise<Host> {
  const { listen: _tcp, tlsListen: _direct, ws: _ws, wss: _wss, tls: _tls, s2s, s2sPeer, ...options } = flags;
  const {
    trace: _file,
    inspect: _page,
    inspectStanzas: _stanzas,
    inspectStately: _stately,
    domain,
    account,
    events,
    ...others
  } = options;
  const { onExpiry, maxHibernatedSessions, maxOldSessions, oldSessionLifetime, ...rest } = others;
  const { maxUnauthenticated, maxResources, acceptSm2, push, ...policy } = rest;
  return createHost({
    domain,
    accounts: account,
    policy,
    onExpiry,
    ...(identity && { tls: identity }),
    ...(s2s && { s2s: { peers: s2sPeer ?? {} } }),
    ...(maxHibernatedSessions !== undefined && { maxHibernatedSessions }),
    ...(maxOldSessions !== undefined && { maxOldSessions }),
    ...(oldSessionLifetime !== undefined && { oldSessionLifetime }),
    ...(maxUnauthenticated !== undefined && { maxUnauthenticated }),
    ...(maxResources !== undefined && { maxResources }),
    ...(acceptSm2 && { acceptSm2 }),
    ...(push && { push }),
    ...(trace && { trace }),
    ...(events && { onEvent: (event) => process.stderr.write(`${eventLine(event, new Date())}\n`) }),
  });
}

async function listenOnAll(host: Host, { listen, tlsListen, ws, wss, s2s }: HostFlags): Promise<readonly string[]> {
  return [
    ...(listen ? [await listenOn(host, listen)] : []),
    ...(tlsListen ? [`${await listenOn(host, tlsListen, { direct: true })} (TLS)`] : []),
    ...(ws ? [`${await listenOn(host, ws, { websocket: true })} (WebSocket)`] : []),
    ...(wss ? [`${await listenOn(host, wss, { websocket: true, direct: true })} (WebSocket over TLS)`] : []),
    ...(s2s ? [`${await listenOn(host, s2s, { s2s: true })} (servers)`] : []),
  ];
}

function isDomain(name: string): boolean {
  const { local, resource } = parseJid(name) ?? { resource: '' };
  return local === undefined && resource === undefined;
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
  how: { readonly direct?: boolean; readonly websocket?: boolean; readonly s2s?: boolean } = {},
): Promise<string> {
  const got = await host.listen({ ...wanted, ...how }).catch(fail(`cannot listen on ${formatAddress(wanted)}`));
  return formatAddress(got);
}

const fail =
  (what: string, exitCode: 1 | 2 = 1) =>
  (error: unknown): never => {
    throw new Failure(`${what}: ${reasonOf(error)}`, exitCode);
  };
