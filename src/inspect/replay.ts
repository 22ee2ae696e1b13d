/**
 * Steps through a record once more, and compares the lines. The same events in the same state give the same lines;
 * otherwise these charts did not make the record.
 */
import { type Either, left, right } from '../core/fp-ts.js';
import type { Start, TraceLine } from '../engine/trace.js';
import { type SmEvent, type State, traced } from '../index.js';
import type { RecordLine } from './json-lines.js';

/** The difference between a line of the record and the step of the charts. */
export interface Disagreement {
  /** The first field that differs: `to`, `effects.0.nonza.h`. */
  readonly field: string;
  /** The recorded value as JSON; undefined when the record has no value. */
  readonly recorded: string | undefined;
  readonly replayed: string | undefined;
}

/**
 * Takes the lines of a record in order; the lines of different runs may be mixed.
 * @returns the step of the charts as a trace line, or the disagreement
 */
export type Replay = (line: RecordLine) => Either<Disagreement, TraceLine>;

export const createReplay = (): Replay => {
  const runs = new Map<string, Run>();
  return ({ session: _session, run, start, ...recorded }) => {
    const key = `${run}`;
    const current = begun(recorded, start) ?? runs.get(key);
    if (current === undefined) return left({ field: 'start', recorded: undefined, replayed: '{…}' });
    runs.set(key, current);
    const replayed = current(recorded.event);
    if (replayed === undefined) return left({ field: 'event', recorded: recorded.event.type, replayed: undefined });
    const { start: _start, ...line } = replayed;
    const difference = firstDifference(recorded, line, []);
    return difference === undefined ? right(line) : left(difference);
  };
};

/**
 * Steps a session.
 * @returns the trace line of the step; undefined when the charts cannot step the event
 */
type Run = (event: SmEvent) => TraceLine | undefined;

const begun = ({ role, from }: TraceLine, start: Start | undefined): Run | undefined => {
  if (start === undefined) return undefined;
  const { policy, session } = start;
  let state: State = { role, policy, configuration: from, session };
  let told: TraceLine | undefined;
  const step = traced((line) => {
    told = line;
  });
  return (event) => {
    told = undefined;
    try {
      [state] = step(state, event);
    } catch {
      // The line has no valid event or session.
    }
    return told;
  };
};

const firstDifference = (recorded: unknown, replayed: unknown, path: readonly string[]): Disagreement | undefined => {
  if (isObject(recorded) && isObject(replayed)) {
    const keys = [...new Set([...Object.keys(recorded), ...Object.keys(replayed)])];
    for (const key of keys) {
      const found = firstDifference(recorded[key], replayed[key], [...path, key]);
      if (found !== undefined) return found;
    }
    if (Array.isArray(recorded) === Array.isArray(replayed)) return undefined;
  }
  if (recorded === replayed) return undefined;
  return { field: path.join('.'), recorded: JSON.stringify(recorded), replayed: JSON.stringify(replayed) };
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
