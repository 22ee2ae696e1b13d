/** Checks the options of the embedder: a wrong option fails here and not in the middle of a session. */

import { shown } from '../arguments/check.js';
import { type Decoder, type Faults, flag, isObject, must, object, oneOf, wholeNumber } from '../core/decoding.js';
import { type Either, isLeft, left, map, mapLeft, pipe } from '../core/fp-ts.js';
import { DEFAULT_POLICY, type Policy } from '../core/policy.js';

/**
 * The defaults with some fields replaced; a field that is undefined keeps its default.
 *
 * @throws TypeError that names every wrong field: an unknown one, one of a wrong type, one out of its range
 */
export const policy = (changes: PolicyChanges = {}): Policy => {
  const chosen = accepted(readChanges(changes));
  checked.add(chosen);
  return chosen;
};

export type PolicyChanges = { readonly [name in keyof Policy]?: Policy[name] | undefined };

/** @throws TypeError that names every wrong field, when the value is not a policy */
export const checkPolicy = (given: Policy): void => {
  if (checked.has(given)) return;
  accepted(readPolicy(given, {}));
  checked.add(given);
};

/** Policies that passed the check: all sessions of a server share one policy, so the check runs once. */
const checked = new WeakSet<Policy>();

const accepted = (read: Either<Faults, Policy>): Policy => {
  if (isLeft(read)) throw new TypeError(read.left.map((fault) => `policy${fault}`).join('; '));
  return read.right;
};

const readChanges = (changes: unknown): Either<Faults, Policy> => {
  if (!isObject(changes)) return readPolicy(changes, {});
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(DEFAULT_POLICY, name));
  const read = readPolicy({ ...DEFAULT_POLICY, ...given }, {});
  if (unknown.length === 0) return read;
  return left([...unknown.map((name) => `.${name} is no field of a policy`), ...(isLeft(read) ? read.left : [])]);
};

/** A fault also shows the wrong value. */
const told =
  <A>(decoder: Decoder<A>): Decoder<A> =>
  (value, around) =>
    pipe(
      decoder(value, around),
      mapLeft((faults) => faults.map((fault) => `${fault}, not ${shown(value)}`)),
    );

/** A deadline is a finite number of milliseconds, because JSON has no infinite numbers. The bound is 136 years. */
const MOST_SECONDS = 0xffffffff;

const isSeconds = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= MOST_SECONDS;

const FLAG = told(flag);
const SECONDS = told(must(`a number of seconds from 0 to ${MOST_SECONDS}`, isSeconds));
const COUNT = told(wholeNumber(0));
const LIMIT = told(wholeNumber(1));

const fields = object<Policy>({
  resume: FLAG,
  hibernationTime: SECONDS,
  maxUnackedStanzas: COUNT,
  maxInactiveUnackedStanzas: COUNT,
  ackIdle: SECONDS,
  maxAckDelay: SECONDS,
  deadAfter: told(
    must(
      `a number of seconds from maxAckDelay to ${MOST_SECONDS}`,
      (value, { maxAckDelay }): value is number => isSeconds(value) && !(isSeconds(maxAckDelay) && value < maxAckDelay),
    ),
  ),
  maxQueueStanzas: LIMIT,
  maxQueueBytes: LIMIT,
  overflowGrace: SECONDS,
  storeTimeout: SECONDS,
  secondEnable: told(oneOf(['refuse', 'close'])),
  deferHandling: FLAG,
  location: told(
    must(
      'a host, host:port or null',
      (value): value is string | null => value === null || (typeof value === 'string' && value !== ''),
    ),
  ),
  initialCount: told(wholeNumber(0, 0xffffffff)),
});

/** The spread gives all policies the same shape in the JavaScript engine, which then reads their fields fastest. */
const readPolicy: Decoder<Policy> = (value, around) =>
  pipe(
    fields(value, around),
    map((read) => ({ ...DEFAULT_POLICY, ...read })),
  );
