/**
 * Follows sessions by their traces. Each line is stepped once more, so that queue and timers are known too; what is kept of
 * a session is bounded: its state, and its last steps in words.
 */
import { sent } from '../core/session.js';
import { hasTag, type Session, type SmEvent, type State, step, toArray } from '../index.js';
import { isHidden } from './hide.js';
import type { RecordLine } from './json-lines.js';
import { loggedStep } from './logged-step.js';
import type { DetailMessage, LoggedStep, QueuedStanza, Status, Summary } from './messages.js';

export interface WatchOptions {
  /** How many steps of each session are kept. Default 100. */
  readonly maxSteps?: number;
  /** How many sessions that are over are kept. Default 100. */
  readonly maxEnded?: number;
}

export interface Watch {
  /** Takes the lines of many sessions. @returns which session it is of; undefined for one whose beginning is not known, which is left out */
  write(line: RecordLine): number | undefined;
  /** How many lines it has taken. */
  readonly steps: number;
  /** The sessions that have made a step since there were so many; 0 for all. */
  changedSince(steps: number): readonly Summary[];
  /** All that are known, in the order in which they began. */
  readonly sessions: ReadonlyMap<number, Inspected>;
  /** With the steps that are kept and newer than the one numbered `after`; undefined for a session that is not known. */
  detail(id: number, after: number): Omit<DetailMessage, 'now' | 'of' | 'disagreement'> | undefined;
}

/** What is known of a session. */
export interface Inspected {
  readonly id: number;
  readonly name: string;
  readonly state: State;
  readonly steps: number;
  /** How many steps all sessions had made after its last one. */
  readonly changed: number;
}

export const createWatch = ({ maxSteps = 100, maxEnded = 100 }: WatchOptions = {}): Watch => {
  const sessions = new Map<number, Kept>();
  const runs = new Map<string, Kept>();
  let ended: readonly Kept[] = [];
  let steps = 0;
  let ids = 0;

  const begin = (run: string, name: string, state: State): Kept => {
    ids += 1;
    const kept = { id: ids, run, name, state, steps: 0, changed: 0, log: [] };
    sessions.set(kept.id, kept);
    runs.set(run, kept);
    return kept;
  };

  const forget = (kept: Kept): void => {
    sessions.delete(kept.id);
    if (runs.get(kept.run) === kept) runs.delete(kept.run);
    ended = ended.filter((one) => one !== kept);
  };

  const end = (kept: Kept): void => {
    if (!ended.includes(kept)) ended = [...ended, kept];
    const [oldest] = ended;
    if (oldest !== undefined && ended.length > maxEnded) forget(oldest);
  };

  const log = (kept: Kept, logged: Omit<LoggedStep, 'number'>): void => {
    kept.steps += 1;
    kept.log.push({ ...logged, number: kept.steps });
    if (kept.log.length > maxSteps) kept.log.shift();
  };

  /** A session that another link has claimed goes on there, under the id it had. */
  const moved = (to: Kept, { owner, smId }: Session): Kept => {
    const from = ended.findLast(
      ({ state: { configuration, session } }) =>
        configuration === 'ended.superseded' && session.smId === smId && session.owner === owner,
    );
    if (from === undefined) return to;
    forget(to);
    forget(from);
    sessions.set(from.id, from);
    runs.set(to.run, from);
    from.run = to.run;
    for (const logged of to.log) log(from, logged);
    return from;
  };

  return {
    write(line) {
      const { session, run, role, from, start, event } = line;
      const known = runs.get(`${run}`);
      const before =
        start === undefined
          ? known?.state
          : { role, policy: start.policy, configuration: from, session: start.session };
      if (before === undefined) return undefined;
      const state = stepped(before, event);
      if (state === undefined) return undefined;
      steps += 1;
      const own = start !== undefined || known === undefined ? begin(`${run}`, session, state) : known;
      const kept = event.type === 'store.claimed' ? moved(own, event.session) : own;
      // The link that claims a session does not know its full name yet.
      if (kept === own) kept.name = clipped(session, LONGEST_NAME);
      kept.state = state;
      kept.changed = steps;
      log(kept, loggedStep(line));
      if (statusOf(state) === 'over') end(kept);
      return kept.id;
    },
    get steps() {
      return steps;
    },
    changedSince: (earlier) => [...sessions.values()].filter(({ changed }) => changed > earlier).map(summaryOf),
    sessions,
    detail(id, after) {
      const kept = sessions.get(id);
      if (kept === undefined) return undefined;
      const { session } = kept.state;
      const { received, handled, acked, unacked, written } = session;
      return {
        ...summaryOf(kept),
        counters: {
          received,
          handled,
          acked,
          written,
          sent: sent(session),
          unacked: unacked.length,
          size: unacked.size,
        },
        timers: session.timers,
        queue: queueOf(kept.state),
        log: kept.log.filter(({ number }) => number > after),
      };
    },
  };
};

interface Kept extends Inspected {
  run: string;
  name: string;
  state: State;
  steps: number;
  changed: number;
  readonly log: LoggedStep[];
}

/** Undefined for an event, or a session, that only looks like one: a record can be anything. */
const stepped = (state: State, event: SmEvent): State | undefined => {
  try {
    return step(state, event)[0];
  } catch {
    return undefined;
  }
};

const summaryOf = ({ id, name, state, steps }: Kept): Summary => ({
  id,
  name,
  role: state.role,
  status: statusOf(state),
  configuration: state.configuration,
  unacked: state.session.unacked.length,
  steps,
});

const statusOf = (state: State): Status => {
  if (hasTag(state, 'over')) return 'over';
  if (hasTag(state, 'enabled')) return 'managed';
  if (hasTag(state, 'hibernating')) return 'hibernating';
  return hasTag(state, 'unmanaged') ? 'unmanaged' : 'opening';
};

const queueOf = ({ session: { unacked, written } }: State): readonly QueuedStanza[] =>
  toArray(unacked)
    .slice(0, LONGEST_QUEUE)
    .map(({ kind, type, at, xml }, index) => ({
      kind,
      type: clipped(type, LONGEST_NAME),
      at,
      written: index < written,
      size: xml.length,
      xml: isHidden(xml) ? null : clipped(xml, LONGEST_XML),
    }));

export const clipped = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length)}…`;

const LONGEST_NAME = 300;
const LONGEST_XML = 2000;
const LONGEST_QUEUE = 50;
