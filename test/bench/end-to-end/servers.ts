/** Who is measured: our host and what people would use instead, each in a process of its own. */
import { ejabberd } from '../../interop/peers/ejabberd.js';
import type { PeerKind } from '../../interop/peers/peer.js';
import { prosody } from '../../interop/peers/prosody.js';
import { startHostProcess } from './host-process.js';

export interface Server {
  readonly name: string;
  readonly pid: number;
  /** Where clients come in over plain TCP. */
  readonly plain: Entrance;
  /** The same where passwords are kept as keys of SCRAM-SHA-1; ours never keeps them in any other way. */
  readonly hashed: Entrance;
  /** Bytes of heap in use behind a full garbage collection, where it can be known. */
  heap?(): Promise<number>;
  stop(): Promise<void>;
}

export interface Entrance {
  readonly port: number;
  readonly domain: string;
}

export const OURS = 'smacks';
export const PROSODY = 'Prosody';
export const EJABBERD = 'ejabberd';

const PEERS: Readonly<Record<string, PeerKind>> = { [PROSODY]: prosody, [EJABBERD]: ejabberd };

/**
 * Starts them all, each with `user1` to `user<users>`, and stops them whatever becomes of the measurement. The variable BENCH_PEERS
 * names the peers to be measured, or `none`; all by default.
 * @param limits the limits of our queues; by default they are as wide as those of the peers
 * @returns rejects when one is not installed
 */
export const withServers = async <R>(
  users: number,
  progress: (line: string) => void,
  measure: (servers: readonly Server[]) => Promise<R>,
  limits?: 'default',
): Promise<R> => {
  const peers = wantedPeers();
  const servers: Server[] = [];
  const interrupted = (): void => process.exit(1);
  for (const name of INTERRUPTIONS) process.once(name, interrupted);
  try {
    progress(`starting ${[OURS, ...peers.map(([name]) => name)].join(', ')}`);
    servers.push(await startOurs(users, limits));
    for (const [name, kind] of peers) servers.push(await startPeer(name, kind, users));
    return await measure(servers);
  } finally {
    await Promise.allSettled(servers.map((server) => server.stop()));
    for (const name of INTERRUPTIONS) process.off(name, interrupted);
  }
};

/** What ends this process, or its parent, without the event `exit`, on which the servers are ended. */
const INTERRUPTIONS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const;

const wantedPeers = (): readonly (readonly [string, PeerKind])[] => {
  const wanted = process.env.BENCH_PEERS?.toLowerCase().split(',');
  const peers = Object.entries(PEERS).filter(([name]) => wanted?.includes(name.toLowerCase()) ?? true);
  const missing = peers.flatMap(([, { missing }]) => missing ?? []);
  if (missing.length > 0)
    throw new Error(`${missing.join(', ')}: .ci/peers installs them, and BENCH_PEERS=none does without`);
  return peers;
};

const startOurs = async (users: number, limits?: 'default'): Promise<Server> => {
  const { port, ...host } = await startHostProcess(users, limits);
  const entrance = { port, domain: 'localhost' };
  return { name: OURS, ...host, plain: entrance, hashed: entrance };
};

const startPeer = async (name: string, kind: PeerKind, users: number): Promise<Server> => {
  const { pid, stop, entrance } = await kind.start(users, ['wide', 'hashed']);
  return { name, pid, stop, plain: entrance('TCP', 'wide'), hashed: entrance('TCP', 'hashed') };
};
