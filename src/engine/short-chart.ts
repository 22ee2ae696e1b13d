/**
 * Reads the short form of a chart, which the build writes for a client (`src/build/client-words.mjs`).
 *
 * A number stands for each state, guard and action: the place of the state in the chart, or of the word in the list of guards or actions.
 */
import type { Chart } from '../../machines/vocabulary.js';

/**
 * `on` has `event,event/transition/transition` for the events with the same transitions, and `;` between such texts. The first inner state is
 * the initial one.
 */
export type ShortState = readonly [
  key: string,
  type: string,
  tags: readonly string[],
  entry: readonly number[],
  exit: readonly number[],
  on: string,
  ...states: ShortState[],
];

export const chartFrom = (short: ShortState): Chart => {
  const paths = pathsFrom(short, '#');
  const handlersFrom = (text: string): readonly (readonly [string, readonly object[]])[] => {
    const [events = '', ...texts] = text.split('/');
    const transitions = texts.map((transition) => transitionFrom(transition, paths));
    return events.split(',').map((event) => [event, transitions]);
  };
  const stateFrom = ([id, type, tags, entry, exit, on, ...states]: ShortState): object => ({
    id,
    type,
    tags,
    entry,
    exit,
    on: Object.fromEntries(on.split(';').flatMap(handlersFrom)),
    initial: states[0]?.[0],
    states: Object.fromEntries(states.map((state) => [state[0], stateFrom(state)])),
  });
  return stateFrom(short) as Chart;
};

/** The path of each state, in the order of the chart. */
const pathsFrom = ([key, , , , , , ...states]: ShortState, before: string): readonly string[] => [
  before + key,
  ...states.flatMap((state) => pathsFrom(state, `${before}${key}.`)),
];

/** `targets guard action action`: the targets have commas between them. The targets and the guard may be empty. */
const transitionFrom = (text: string, paths: readonly string[]): object => {
  const [targets, guard, ...actions] = text.split(' ');
  return {
    ...(targets && { target: targets.split(',').map((place) => paths[Number(place)]) }),
    ...(guard && { guard }),
    actions,
  };
};
