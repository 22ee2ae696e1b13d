/** A step in words, short and bounded. */
import type { Effect, SmEvent, TraceLine } from '../index.js';
import { effectText } from './effect-text.js';
import { isHidden } from './hide.js';
import type { LoggedStep } from './messages.js';

/** Without a number: the session's steps are counted elsewhere. */
export const loggedStep = ({ at, event, taken, effects, from, to }: TraceLine): Omit<LoggedStep, 'number'> => {
  const [left = NONE, entered = NONE] = from === to ? [NONE, NONE] : difference(from.split(' & '), to.split(' & '));
  return {
    at,
    event: event.type,
    about: clip(aboutEvent(event)),
    taken: taken.length === 0 ? NONE : taken.map(shared),
    left,
    entered,
    effects: effects.slice(0, MOST).map((effect) => clip(aboutEffect(effect))),
  };
};

const difference = (before: readonly string[], after: readonly string[]): readonly (readonly string[])[] => [
  before.filter((state) => !after.includes(state)),
  after.filter((state) => !before.includes(state)),
];

/** A thousand sessions take the same few transitions. */
const shared = ({ state, guard, clauses }: Taken): LoggedStep['taken'][number] => {
  const key = `${state} ${guard} ${clauses.join(' ')}`;
  const known = transitions.get(key);
  if (known !== undefined) return known;
  // A chart has far fewer; a record can be anything.
  if (transitions.size > MOST_TRANSITIONS) transitions.clear();
  transitions.set(key, { state, guard, clauses });
  return { state, guard, clauses };
};

const transitions = new Map<string, LoggedStep['taken'][number]>();

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
    default: {
      const { type: _type, at: _at, ...facts } = event;
      return Object.entries(facts)
        .filter(([key]) => key !== 'epoch' && key !== 'xmlns')
        .map(([key, value]) => `${key}=${value}`)
        .join(' ');
    }
  }
};

const aboutEffect = (effect: Effect): string =>
  effect.type === 'transmit' && !isHidden(effect.xml) ? `transmit ${effect.xml}` : effectText(effect);

const words = (...parts: readonly (string | undefined)[]): string => parts.filter(Boolean).join(' ');

const clip = (text: string): string => (text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`);

/** Characters of a text, and effects of a step. */
const LONGEST = 1000;
const MOST = 20;
const MOST_TRANSITIONS = 2_000;
const NONE: readonly never[] = [];

type Taken = TraceLine['taken'][number];
