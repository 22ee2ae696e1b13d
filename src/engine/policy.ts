/** What the embedder chooses, checked: a wrong option shows itself here and not in the middle of a session. */
import { DEFAULT_POLICY, type Policy } from '../core/policy.js';

/**
 * The defaults with some fields replaced; a field that is undefined keeps its default.
 *
 * @throws RangeError that names the field: one that is unknown, of a wrong type or out of its range
 */
export const policy = (changes: PolicyChanges = {}): Policy => {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  for (const [name, value] of Object.entries(given)) {
    if (!isField(name)) throw new RangeError(`policy has no field ${name}`);
    const [fits, range] = RULES[name];
    if (!fits(value)) throw new RangeError(`policy.${name} is ${range}, not ${shown(value)}`);
  }
  const chosen: Policy = { ...DEFAULT_POLICY, ...given };
  const { deadAfter, maxAckDelay } = chosen;
  if (deadAfter < maxAckDelay) {
    throw new RangeError(`policy.deadAfter (${deadAfter} s) is less than policy.maxAckDelay (${maxAckDelay} s)`);
  }
  return chosen;
};

export type PolicyChanges = { readonly [name in keyof Policy]?: Policy[name] | undefined };

type Rule = readonly [fits: (value: unknown) => boolean, range: string];

const atLeast =
  (least: number, isNumber: (value: unknown) => boolean) =>
  (value: unknown): boolean =>
    isNumber(value) && typeof value === 'number' && value >= least;

const isUint32 = (value: unknown): boolean => atLeast(0, Number.isInteger)(value) && Number(value) <= 0xffffffff;

const FLAG: Rule = [(value) => typeof value === 'boolean', 'true or false'];
const SECONDS: Rule = [atLeast(0, Number.isFinite), 'a number of seconds, 0 or more'];
const COUNT: Rule = [atLeast(0, Number.isInteger), 'a whole number, 0 or more'];
const LIMIT: Rule = [atLeast(1, Number.isInteger), 'a whole number, 1 or more'];

const RULES: { readonly [name in keyof Policy]: Rule } = {
  resume: FLAG,
  hibernationTime: SECONDS,
  maxUnackedStanzas: COUNT,
  maxInactiveUnackedStanzas: COUNT,
  ackIdle: SECONDS,
  maxAckDelay: SECONDS,
  deadAfter: SECONDS,
  maxQueueStanzas: LIMIT,
  maxQueueBytes: LIMIT,
  overflowGrace: SECONDS,
  secondEnable: [(value) => value === 'refuse' || value === 'close', "'refuse' or 'close'"],
  deferHandling: FLAG,
  location: [(value) => value === null || (typeof value === 'string' && value !== ''), 'a host, host:port or null'],
  initialCount: [isUint32, 'a whole number from 0 to 4294967295'],
};

const isField = (name: string): name is keyof Policy => Object.hasOwn(RULES, name);

const shown = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value) : String(value));
