/** All members of a run: who they are, how they reach the server, and to whom they write. */
import type { Random } from '../../src/testing.js';
import { createRandom } from '../../src/testing.js';
import { openBreaker } from './breaker.js';
import type { Carrier, Client, ClientKind, ClientOptions } from './clients/client.js';
import { RawClient } from './clients/raw.js';
import { createXmppjsClient } from './clients/xmppjs.js';
import type { Log } from './log.js';
import { Member } from './member.js';
import { PASSWORD, type Server, type Setting } from './servers/server.js';

interface Seat {
  readonly user: string;
  readonly resource: string;
  readonly kind: ClientKind;
  readonly carrier: Carrier;
  readonly rate: number;
}

const KINDS: readonly (readonly [ClientKind, Carrier])[] = [
  ['raw', 'TCP'],
  ['xmpp.js', 'WebSocket'],
  ['raw', 'WebSocket'],
  ['xmpp.js', 'TCP'],
];

/** In each four, the first two are resources of one user. Eight seats have every kind at two rates. */
export const seatsFor = (count: number, rates: readonly number[]): readonly Seat[] =>
  Array.from({ length: count }, (_, index) => {
    const four = index >> 2;
    const place = index & 3;
    const [kind, carrier] = KINDS[(index + four) & 3] ?? ['raw', 'TCP'];
    return {
      user: `user${four * 3 + Math.max(1, place)}`,
      resource: place === 1 ? 'b' : 'a',
      kind,
      carrier,
      rate: rates[index % rates.length] ?? 1,
    };
  });

export const usersOf = (seats: readonly Seat[]): readonly string[] => [...new Set(seats.map(({ user }) => user))];

/** Each user sees the presence of so many others. */
const CONTACTS = 2;

/** @returns for each user its contacts: those behind it in the ring */
export const contactsOf = (users: readonly string[]): ReadonlyMap<string, readonly string[]> =>
  new Map(
    users.map((user, index) => [
      user,
      Array.from({ length: CONTACTS }, (_, step) => users[(index + step + 1) % users.length] ?? user).filter(
        (contact) => contact !== user,
      ),
    ]),
  );

export interface CrowdOptions {
  readonly seats: readonly Seat[];
  readonly server: Server;
  readonly setting: Setting;
  readonly seed: number;
  readonly log: Log;
}

export const gather = async ({ seats, server, setting, seed, log }: CrowdOptions): Promise<readonly Member[]> => {
  const { domain, path } = server;
  const members: Member[] = [];
  for (const [index, seat] of seats.entries()) {
    const randomOf = (part: number): Random => createRandom((seed + 7919 * (3 * index + part)) % 2 ** 32);
    const { tcp, webSocket } = setting.ports;
    const breaker = await openBreaker(seat.carrier === 'TCP' ? tcp : webSocket);
    const options: ClientOptions = {
      ...{ domain, path, log, password: PASSWORD, port: breaker.port },
      ...{ user: seat.user, resource: seat.resource, carrier: seat.carrier },
      random: randomOf(1),
      onOnline: () => member.sendPresence(),
      onSubscribe: (from) => member.approve(from),
    };
    const client = createClient(seat.kind, options);
    const targets = targetsFor(seat, seats, domain);
    const { hibernationTime } = setting;
    const member = new Member(client, breaker, targets, seat.rate, {
      ...{ hibernationTime, log, random: randomOf(2), talk: randomOf(3) },
    });
    members.push(member);
  }
  return members;
};

const createClient = (kind: ClientKind, options: ClientOptions): Client =>
  kind === 'raw' ? new RawClient(options) : createXmppjsClient(options);

/** Every full and bare JID of the others. */
const targetsFor = ({ user }: Seat, seats: readonly Seat[], domain: string): readonly string[] => {
  const others = seats.filter((seat) => seat.user !== user);
  const full = others.map((seat) => `${seat.user}@${domain}/${seat.resource}`);
  const bare = others.map((seat) => `${seat.user}@${domain}`);
  return [...full, ...bare];
};
