/** Events, and what a session answers, in short words: for tables that people read. */
import { type Effect, type Entry, SM_3, type SmEvent, type State, toArray, type Unacked } from '../../src/index.js';

/** What an event carries besides its type: `h=1`. */
export const detailsOf = ({ type, at, ...event }: SmEvent): string =>
  [brief(event), at > 0 && !type.startsWith('timer.') ? 'late' : ''].filter(Boolean).join(' ');

/** The effects in order, then the new configuration, then the fields of the session that changed: `{written=1}`. */
export const answerInWords = (
  before: State,
  event: SmEvent,
  after: State,
  effects: readonly Effect[],
): readonly string[] => {
  const told = effects.map((effect) => brief(effect).replaceAll(` state=${before.configuration}`, ''));
  const to = after.configuration === before.configuration ? [] : [`-> ${after.configuration}`];
  const changed = brief(differing(before.session, after.session));
  const words = [...told, ...to, ...(changed === '' ? [] : [`{${changed}}`])];
  const all = words.length > 0 ? words : [after === before ? 'ignored' : 'no change'];
  return all.map((word) => word.replaceAll(event.type, '…'));
};

/** Words and numbers, without what is the same everywhere. */
const brief = (value: object): string =>
  Object.entries(value)
    .map(([name, inner]) => field(name, inner))
    .filter(Boolean)
    .join(' ');

/** The value of such a field says which field it is. */
const NAMELESS = new Set([
  ...['type', 'name', 'condition', 'kind', 'timer', 'deadline', 'owner', 'smId', 'previd', 'reason', 'xml'],
  ...['report', 'stanza', 'stanzas', 'nonza', 'failure', 'violation', 'refusal', 'verdict'],
]);

const field = (name: string, value: unknown): string => {
  if (name === 'epoch' || name === 'text' || value === SM_3 || value === '') return '';
  if (name === 'reason' && typeof value === 'string' && value.includes(' ')) return '';
  if (name === 'session') return '(a session)';
  if (value === null) return `${name}=none`;
  if (value === true) return name;
  if (value === false) return `${name}=no`;
  const words = inWords(name, value);
  return NAMELESS.has(name) || words === '' ? words : `${name}=${words}`;
};

const inWords = (name: string, value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(entry).join(', ')}]`;
  if (typeof value !== 'object') return String(value);
  if (name === 'unacked') return String(toArray(value as Unacked).length);
  if (name === 'stanza') return entry(value as Entry);
  const words = brief(value as object);
  return NAMELESS.has(name) || words === '' ? words : `(${words})`;
};

const entry = ({ key, xml, written }: Entry & { written?: boolean }): string =>
  `${key ?? xml}${written === undefined ? '' : written ? ' written' : ' unwritten'}`;

/** The fields that are another than before. Timers are told by effects. */
const differing = (before: object, after: object): object =>
  Object.fromEntries(
    Object.entries(after).flatMap(([name, value]): (readonly [string, unknown])[] => {
      const old = before[name as keyof typeof before] as unknown;
      if (name === 'timers' || JSON.stringify(value) === JSON.stringify(old)) return [];
      return [[name, name !== 'unacked' && isObject(old) && isObject(value) ? differing(old, value) : value]];
    }),
  );

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
