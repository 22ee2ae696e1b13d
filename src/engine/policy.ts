/**
 * Checks the options of the embedder: a wrong option fails here and not in the middle of a session. The rules are a table, and not
 * decoders as for a record, because a client that restores no record then loads no decoders.
 */
import { shown } from '../arguments/check.js';
import { type Fields, isObject, isWhole } from '../core/decoding.js';
import { DEFAULT_POLICY, type Policy } from '../core/policy.js';

/**
 * The defaults with some fields replaced; a field that is undefined keeps its default.
 *
 * @throws TypeError that names every wrong field: an unknown one, one of a wrong type, one out of its range
 */
export const policy = (changes: PolicyChanges = {}): Policy => {
  refuse(isObject(changes) ? [] : [NO_OBJECT]);
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(DEFAULT_POLICY, name));
  // The spread gives all policies the same shape in the JavaScript engine, which then reads their fields fastest.
  const chosen: Policy = { ...DEFAULT_POLICY, ...given };
  refuse([...unknown.map((name) => `policy.${name} is no field of a policy`), ...faultsIn(chosen)]);
  checked.add(chosen);
  return chosen;
};

export type PolicyChanges = { readonly [name in keyof Policy]?: Policy[name] | undefined };

/** @throws TypeError that names every wrong field, when the value is not a policy */
export const checkPolicy = (given: Policy): void => {
  if (checked.has(given)) return;
  refuse(faultsIn(given));
  checked.add(given);
};

/** Policies that passed the check: all sessions of a server share one policy, so the check runs once. */
const checked = new WeakSet<Policy>();

const NO_OBJECT = 'policy must be an object';

const refuse = (faults: readonly string[]): void => {
  if (faults.length > 0) throw new TypeError(faults.join('; '));
};

const faultsIn = (given: unknown): readonly string[] =>
  isObject(given)
    ? Object.entries(RULES)
        .filter(([name, [, fits]]) => !fits(given[name], given))
        .map(([name, [wanted]]) => `policy.${name} must be ${wanted}, not ${shown(given[name])}`)
    : [NO_OBJECT];

/** What a field must be. The rule of some fields needs another field of the policy. */
type Rule = readonly [wanted: string, fits: (value: unknown, policy: Fields) => boolean];

/** A deadline is a finite number of milliseconds, because JSON has no infinite numbers. The bound is 136 years. */
const MOST_SECONDS = 0xffffffff;

const isSeconds = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value <= MOST_SECONDS;

/** @param most a bound that keeps arithmetic exact */
const wholeNumber = (least: number, most = Number.MAX_SAFE_INTEGER): Rule => [
  `a whole number from ${least} to ${most}`,
  (value) => isWhole(value) && value >= least && value <= most,
];

const FLAG: Rule = ['true or false', (value) => typeof value === 'boolean'];
const SECONDS: Rule = [`a number of seconds from 0 to ${MOST_SECONDS}`, isSeconds];
const COUNT = wholeNumber(0);
const LIMIT = wholeNumber(1);

const RULES: Readonly<Record<keyof Policy, Rule>> = {
  resume: FLAG,
  hibernationTime: SECONDS,
  maxUnackedStanzas: COUNT,
  maxInactiveUnackedStanzas: COUNT,
  ackIdle: SECONDS,
  maxAckDelay: SECONDS,
  deadAfter: [
    `a number of seconds from maxAckDelay to ${MOST_SECONDS}`,
    (value, { maxAckDelay }) => isSeconds(value) && !(isSeconds(maxAckDelay) && value < maxAckDelay),
  ],
  maxQueueStanzas: LIMIT,
  maxQueueBytes: LIMIT,
  overflowGrace: SECONDS,
  storeTimeout: SECONDS,
  secondEnable: ["'refuse' or 'close'", (value) => value === 'refuse' || value === 'close'],
  deferHandling: FLAG,
  location: ['a host, host:port or null', (value) => value === null || (typeof value === 'string' && value !== '')],
  initialCount: wholeNumber(0, 0xffffffff),
};
