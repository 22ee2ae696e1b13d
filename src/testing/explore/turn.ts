/**
 * One move from a world to the next: a copy of the world that the move changes, what the move breaks, and what it puts on the wire.
 * A turn lives for one move. The worlds before and after it are never changed.
 */
import type { Nonza, Role, SmEvent } from '../../index.js';
import type { Plan, RuleName } from './options.js';
import type { Account, Actor, Budget, Client, Connection, Key, Server, World } from './world.js';

/** The client, or the server session with this index. */
export type Who = 'client' | number;

/** An event without its time. */
export type Untimed = SmEvent extends infer E ? (E extends SmEvent ? Omit<E, 'at'> : never) : never;

export interface Turn {
  readonly plan: Plan;
  client: Client;
  servers: Server[];
  stanzas: World['stanzas'];
  old: World['old'];
  behind: World['behind'];
  left: Budget;
  /** The stanza that arrives now. */
  arriving: Key | null;
  /** Events that wait until the present event and its effects are finished. */
  readonly later: { readonly who: Who; readonly event: Untimed }[];
  isBusy: boolean;
  /** The requests that the client's session puts into its login. */
  readonly carried: Nonza[];
  /** The client has to bind a resource when this move is over. */
  mustBind: boolean;
  /** The embedder names a position that is not its own to name: the session may call this misuse. */
  isStale: boolean;
  fault: Fault | undefined;
  /** What happened, for people; undefined while no history is written. */
  readonly lines: string[] | undefined;
}

export interface Fault {
  readonly rule: RuleName | 'own';
  readonly says: string;
}

export const beginTurn = (plan: Plan, world: World, lines?: string[]): Turn => ({
  plan,
  client: world.client,
  servers: [...world.servers],
  stanzas: world.stanzas,
  old: world.old,
  behind: world.behind,
  left: world.left,
  arriving: null,
  later: [],
  isBusy: false,
  carried: [],
  mustBind: false,
  isStale: false,
  fault: undefined,
  lines,
});

export const worldOf = ({ client, servers, stanzas, old, behind, left }: Turn): World => ({
  client,
  servers,
  stanzas,
  old,
  behind,
  left,
});

export const tell = (turn: Turn, line: () => string): void => {
  turn.lines?.push(line());
};

/** Notes the first fault of a turn. */
export const blame = (turn: Turn, rule: RuleName, says: () => string): void => {
  if (turn.fault === undefined && !turn.plan.except.includes(rule)) turn.fault = { rule, says: says() };
};

export const roleOf = (who: Who): Role => (who === 'client' ? 'client' : 'server');

export const serverAt = (turn: Turn, index: number): Server => {
  const server = turn.servers[index];
  if (server === undefined) throw new RangeError(`there is no server session ${index}`);
  return server;
};

export const actorOf = (turn: Turn, who: Who): Actor => (who === 'client' ? turn.client : serverAt(turn, who));

/** Replaces fields of an actor that both roles have. */
export const amend = (turn: Turn, who: Who, changes: Partial<Actor>): void => {
  if (who === 'client') turn.client = { ...turn.client, ...changes } as Client;
  else turn.servers[who] = { ...serverAt(turn, who), ...changes } as Server;
};

export const amendServer = (turn: Turn, index: number, changes: Partial<Server>): void => {
  turn.servers[index] = { ...serverAt(turn, index), ...changes };
};

export const amendConnection = (turn: Turn, index: number, changes: Partial<Connection>): void => {
  const { connection } = serverAt(turn, index);
  if (connection === null) return;
  const next = { ...connection, ...changes };
  amendServer(turn, index, { connection: next.clientOpen || next.serverOpen ? next : null });
};

/** The server session at the other end of the client's connection; -1 when the client has no connection. */
export const clientsServer = (servers: readonly Server[]): number =>
  servers.findIndex(({ connection }) => connection?.clientOpen);

/** The index of the connection of this actor, when its end is open; -1 otherwise. */
export const connectionOf = (turn: Turn, who: Who): number => {
  if (who === 'client') return clientsServer(turn.servers);
  return serverAt(turn, who).connection?.serverOpen ? who : -1;
};

export const spend = (turn: Turn, name: keyof Budget): void => {
  turn.left = { ...turn.left, [name]: turn.left[name] - 1 };
};

export const nameOf = (who: Who): string => (who === 'client' ? 'the client' : `server session ${who + 1}`);

export const senderOf = (key: Key): Role => (key.startsWith('c') ? 'client' : 'server');

export const accountOf = ({ stanzas }: Pick<World, 'stanzas'>, key: Key): Account | undefined =>
  stanzas[senderOf(key)][Number(key.slice(1))];

export const setAccount = (turn: Turn, key: Key, to: Account): void => {
  const sender = senderOf(key);
  const index = Number(key.slice(1));
  if (turn.stanzas[sender][index] !== to)
    turn.stanzas = { ...turn.stanzas, [sender]: turn.stanzas[sender].with(index, to) };
};

/** The receiving application got a stanza, or handled it. */
export const note = (turn: Turn, key: Key, what: 'seen' | 'handled'): void => {
  const account = accountOf(turn, key);
  if (account === 'sent' || account === 'seen') setAccount(turn, key, what);
};
