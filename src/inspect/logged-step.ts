/** Describes a step in words. The texts are short and bounded. */
import type { Effect, SmEvent, TraceLine } from '../index.js';
import { effectText } from './effect-text.js';
import { isHidden } from './hide.js';
import type { LoggedStep } from './messages.js';

/** @param number the number of the step in its session */
export const loggedStep = ({ at, event, taken, effects, from, to }: TraceLine, number: number): LoggedStep => {
  const [before, after] = from === to ? [NO_STATES, NO_STATES] : [leavesOf(from), leavesOf(to)];
  return {
    number,
    at,
    event: event.type,
    about: clipped(aboutEvent(event)),
    taken: taken.length === 0 ? NONE : taken.map(shared),
    left: before.filter((state) => !after.includes(state)),
    entered: after.filter((state) => !before.includes(state)),
    effects: effects.slice(0, MOST_EFFECTS).map((effect) => clipped(aboutEffect(effect))),
  };
};

const leavesOf = (configuration: string): readonly string[] => configuration.split(' & ').map(clipped);

const aboutEvent = (event: SmEvent): string => {
  switch (event.type) {
    case 'app.send':
      return isHidden(event.stanza.xml) ? words(event.stanza.kind, event.stanza.type) : event.stanza.xml;
    case 'app.writeUncounted':
      return event.xml;
    case 'peer.violation':
      return words(event.violation.condition, event.violation.text);
    case 'peer.malformed':
      return words(event.refusal.condition, event.refusal.text);
    case 'store.claimed':
      return `${event.session.unacked.length} unacknowledged`;
    default:
      return factsOf(event);
  }
};

/** The other fields of an event, such as `h=3`. */
const factsOf = (event: object): string => {
  let facts = '';
  for (const [key, value] of Object.entries(event)) if (!PLAIN.includes(key)) facts += `${key}=${value} `;
  return facts.trimEnd();
};

/** The fields that every event has, or every event of a link. */
const PLAIN = ['type', 'at', 'epoch', 'xmlns'];

const aboutEffect = (effect: Effect): string =>
  effect.type === 'transmit' && !isHidden(effect.xml) ? `transmit ${effect.xml}` : effectText(effect);

const words = (first: string, second: string | undefined): string =>
  second === undefined || second === '' ? first : `${first} ${second}`;

/** Cuts a long text. A short text is kept once for all steps, because a thousand sessions do the same few things. */
const clipped = (text: string): string => {
  if (text.length > LONGEST_SHARED) return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
  const known = texts.get(text);
  if (known !== undefined) return known;
  if (texts.size > MOST_SHARED) texts.clear();
  texts.set(text, text);
  return text;
};

/** Keeps a transition once for all steps, because each line of a record has its own copy. */
const shared = ({ state, guard, clauses }: Taken): Taken => {
  const own = transitions.get(state);
  const known = own?.find((one) => one.guard === guard && one.clauses.join() === clauses.join());
  if (known !== undefined) return known;
  if (transitions.size > MOST_SHARED) transitions.clear();
  const taken = { state, guard, clauses };
  transitions.set(state, [...(own ?? NONE).slice(-MOST_OF_A_STATE), taken]);
  return taken;
};

type Taken = LoggedStep['taken'][number];

const texts = new Map<string, string>();
const transitions = new Map<string, readonly Taken[]>();

/** The most texts or transitions that are kept. A chart has far fewer, but a record can hold anything. */
const MOST_SHARED = 2_000;
const MOST_OF_A_STATE = 50;
/** The greatest length of a shared text, in characters. */
const LONGEST_SHARED = 60;
const LONGEST = 1_000;
const MOST_EFFECTS = 20;
const NONE: readonly never[] = [];
const NO_STATES: readonly string[] = NONE;
