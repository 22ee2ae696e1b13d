/**
 * Short names for worlds. Each part of a world (a session's state, what surrounds it, the accounts) has a number: equal parts have the same
 * number, and stand in memory once. The name of a world is the list of the numbers of its parts. Most parts are the same object as in the
 * world before, so a move costs the text of one or two parts.
 */
import { type State, toArray } from '../../index.js';
import type { Actor, World } from './world.js';

export interface Interned {
  readonly name: string;
  /** The world with parts that other worlds share. */
  readonly world: World;
}

export const createIntern = () => {
  const numbers = new WeakMap<object, number>();
  const byText = new Map<string, number>();
  const parts: object[] = [];

  const numberOf = (part: object, textOf: () => string): number => {
    const known = numbers.get(part);
    if (known !== undefined) return known;
    const text = textOf();
    let number = byText.get(text);
    if (number === undefined) {
      number = parts.push(part) - 1;
      byText.set(text, number);
    }
    numbers.set(part, number);
    return number;
  };

  const shared = <T extends object>(part: T, textOf = () => JSON.stringify(part)): readonly [number, T] => {
    const number = numberOf(part, textOf);
    return [number, parts[number] as T];
  };

  const actor = <T extends Actor>(given: T): readonly [number, T] => {
    const known = numbers.get(given);
    if (known !== undefined) return [known, parts[known] as T];
    const [stateNumber, state] = shared(given.state, () => textOfState(given.state));
    const { state: _state, ...around } = given;
    return shared({ ...given, state }, () => `${stateNumber} ${JSON.stringify(around)}`);
  };

  return (world: World): Interned => {
    const [clientNumber, client] = actor(world.client);
    const [stanzasNumber, stanzas] = shared(world.stanzas);
    const [leftNumber, left] = shared(world.left);
    const [oldNumber, old] = shared(world.old);
    const [behindNumber, behind] = shared(world.behind);
    const servers = world.servers.map(actor);
    const name = `${clientNumber} ${stanzasNumber} ${leftNumber} ${oldNumber} ${behindNumber}${servers.map(([number]) => ` ${number}`).join('')}`;
    return { name, world: { client, stanzas, left, old, behind, servers: servers.map(([, server]) => server) } };
  };
};

/** A queue of the same stanzas can have several shapes, which no function of the core tells apart. The policy never changes. */
const textOfState = ({ role, configuration, session }: State): string =>
  JSON.stringify([role, configuration, { ...session, unacked: toArray(session.unacked) }]);
