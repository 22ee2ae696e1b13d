import { createHost, type Host, type HostOptions, type ListenOptions } from '../../host/host.js';
import { Failure, orFailure, reasonOf } from '../failure.js';
import { stopSignal } from '../stop-signal.js';
import { openTracing } from '../tracing.js';
import { type Address, formatAddress } from '../values.js';
import { eventLine } from './event-line.js';
import type { HostFlags } from './options.js';
import { readTlsFiles } from './tls-files.js';

/**
 * Runs the host until a signal stops it. It prints a line when it listens.
 * @returns rejects with Failure when it cannot use a file, an account or a port
 */
export const runHost = async (flags: HostFlags): Promise<void> => {
  const { domain, tls } = flags.server;
  const identity = tls && orFailure(await readTlsFiles(tls));
  const tracing = await openTracing(flags.tracing);
  try {
    const options = { ...hostOptions(flags), ...(identity && { tls: identity }), ...given({ trace: tracing.trace }) };
    const host = await createHost(options).catch(fail('--account', 2));
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
};

const hostOptions = ({ server, policy, limits }: HostFlags): HostOptions => {
  const { domain, account, s2s, s2sPeer, push, acceptSm2, events } = server;
  const peers = Object.fromEntries(s2sPeer.map((peer) => [peer.domain, peer.address]));
  return {
    domain,
    accounts: account,
    policy: given(policy),
    ...given(limits),
    push,
    acceptSm2,
    ...(s2s && { s2s: { peers } }),
    ...(events && { onEvent: (event) => process.stderr.write(`${eventLine(event, new Date())}\n`) }),
  };
};

/** The values without the undefined fields. */
const given = <T extends object>(values: T): { [key in keyof T]?: Exclude<T[key], undefined> } =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;

const listenOnAll = async (host: Host, { server }: HostFlags): Promise<readonly string[]> => {
  const { listen, tlsListen, ws, wss, s2s } = server;
  const ways: readonly [Address | undefined, Omit<ListenOptions, 'host' | 'port'>, string][] = [
    [listen, {}, ''],
    [tlsListen, { direct: true }, ' (TLS)'],
    [ws, { websocket: true }, ' (WebSocket)'],
    [wss, { websocket: true, direct: true }, ' (WebSocket over TLS)'],
    [s2s, { s2s: true }, ' (servers)'],
  ];
  const listening: string[] = [];
  for (const [wanted, how, name] of ways) {
    if (wanted === undefined) continue;
    const got = await host.listen({ ...wanted, ...how }).catch(fail(`cannot listen on ${formatAddress(wanted)}`));
    listening.push(`${formatAddress(got)}${name}`);
  }
  return listening;
};

const fail =
  (what: string, exitCode: 1 | 2 = 1) =>
  (error: unknown): never => {
    throw new Failure(`${what}: ${reasonOf(error)}`, exitCode);
  };
