/**
 * Follows sessions by their traces. The watch steps each line once more, so that it also knows the queue and the
 * timers. It keeps a bounded part of each session: its state, and its last steps in words.
 */
import { hasTag, type Session, type SmEvent, type State, step } from '../index.js';
import type { RecordLine } from './json-lines.js';
import { loggedStep } from './logged-step.js';
import type { LoggedStep, Summary } from './messages.js';
import { clipped, type Detail, detailOf, type Inspected, LONGEST_NAME, summaryOf } from './summary.js';

export interface WatchOptions {
  /** The number of steps that are kept for each session. Default 100. */
  readonly maxSteps?: number;
  /** The number of sessions that are kept after their end. Default 100. */
  readonly maxEnded?: number;
}

export interface Watch {
  /**
   * Takes the lines of many sessions. A line of a session with an unknown beginning is left out.
   * @returns the id of the line's session; undefined for a line that is left out
   */
  write(line: RecordLine): number | undefined;
  /** The number of lines taken so far. */
  readonly steps: number;
  /** The sessions that have made a step since the counter `steps` had this value; with 0, all sessions. */
  changedSince(steps: number): readonly Summary[];
  /** All known sessions, in the order in which they began. */
  readonly sessions: ReadonlyMap<number, Inspected>;
  /** A session with its kept steps that are newer than step number `after`; undefined for an unknown session. */
  detail(id: number, after: number): Detail | undefined;
}

export type { Inspected };

export const createWatch = ({ maxSteps = 100, maxEnded = 100 }: WatchOptions = {}): Watch => {
  const book = createBook(maxEnded);
  let steps = 0;

  const log = (kept: Kept, logged: LoggedStep): void => {
    kept.log.push(logged);
    if (kept.log.length > maxSteps) kept.log.shift();
    kept.steps += 1;
  };

  return {
    write(line) {
      const { session, run, event, start } = line;
      const known = book.runs.get(run);
      const before = startOf(line) ?? known?.state;
      const state = before === undefined ? undefined : stepped(before, event);
      if (before === undefined || state === undefined) return undefined;
      steps += 1;
      const own = known === undefined || start !== undefined ? book.begin(run, state) : known;
      const former = event.type === 'store.claimed' ? book.resume(own, event.session) : undefined;
      const kept = former ?? own;
      if (former !== undefined) for (const logged of own.log) log(former, { ...logged, number: former.steps + 1 });
      // The link that claims a session does not know the full name of the session yet.
      else if (kept.name !== session) kept.name = clipped(session, LONGEST_NAME);
      kept.state = state;
      kept.changed = steps;
      log(kept, loggedStep(line, kept.steps + 1));
      const isElsewhere = start !== undefined || state.configuration !== before.configuration;
      if (isElsewhere && hasTag(state, 'over')) book.end(kept);
      return kept.id;
    },
    get steps() {
      return steps;
    },
    changedSince: (earlier) => [...book.sessions.values()].filter(({ changed }) => changed > earlier).map(summaryOf),
    sessions: book.sessions,
    detail(id, after) {
      const kept = book.sessions.get(id);
      if (kept === undefined) return undefined;
      return detailOf(
        kept,
        kept.log.filter(({ number }) => number > after),
      );
    },
  };
};

/** A session that the watch follows. */
interface Kept extends Inspected {
  run: RecordLine['run'];
  name: string;
  state: State;
  steps: number;
  changed: number;
  readonly log: LoggedStep[];
}

/** The sessions that the watch follows: all live sessions, and the last ended ones. */
const createBook = (maxEnded: number) => {
  const sessions = new Map<number, Kept>();
  const runs = new Map<RecordLine['run'], Kept>();
  let ended: readonly Kept[] = [];
  let ids = 0;

  const forget = (kept: Kept): void => {
    sessions.delete(kept.id);
    if (runs.get(kept.run) === kept) runs.delete(kept.run);
    ended = ended.filter((one) => one !== kept);
  };

  return {
    sessions: sessions as ReadonlyMap<number, Kept>,
    runs: runs as ReadonlyMap<RecordLine['run'], Kept>,
    begin(run: RecordLine['run'], state: State): Kept {
      ids += 1;
      const kept = { id: ids, run, name: '', state, steps: 0, changed: 0, log: [] };
      sessions.set(kept.id, kept);
      runs.set(run, kept);
      return kept;
    },
    end(kept: Kept): void {
      if (!ended.includes(kept)) ended = [...ended, kept];
      const [oldest] = ended;
      if (oldest !== undefined && ended.length > maxEnded) forget(oldest);
    },
    /** When another link claims a session, the session goes on there under its former id. */
    resume(claiming: Kept, { owner, smId }: Session): Kept | undefined {
      const former = ended.findLast(
        ({ state }) => hasTag(state, 'superseded') && state.session.smId === smId && state.session.owner === owner,
      );
      if (former === undefined) return undefined;
      forget(claiming);
      forget(former);
      sessions.set(former.id, former);
      runs.set(claiming.run, former);
      former.run = claiming.run;
      return former;
    },
  };
};

/** The state with which a session begins; undefined when the line is not the first of the session. */
const startOf = ({ role, from, start }: RecordLine): State | undefined =>
  start && { role, policy: start.policy, configuration: from, session: start.session };

/**
 * The state after the event. Undefined when the line has no valid event or session, because a record can hold anything.
 */
const stepped = (state: State, event: SmEvent): State | undefined => {
  try {
    return step(state, event)[0];
  } catch {
    return undefined;
  }
};
