/** The first driver: long random sequences of events, for the project and the model at once. */
import { collector } from '../findings.js';
import { randomFrom, seedOfRound } from '../random.js';
import { shrink } from '../shrink.js';
import { play, shows } from './generate.js';
import type { History, Op } from './op.js';
import { lines } from './print.js';

export interface Run {
  readonly seed: number;
  readonly events: number;
  /** How many disagreements to look for. */
  readonly most: number;
  readonly say: (line: string) => void;
}

export const runEvents = ({ seed, events, most, say }: Run): number => {
  const findings = collector<History>(most);
  let done = 0;
  let rounds = 0;
  let told = Date.now();
  let goOn = true;
  while (done < events && goOn) {
    const { history, found, moves } = play(randomFrom(seedOfRound(seed, rounds)));
    done += moves;
    rounds += 1;
    for (const { about, at, phase } of found) {
      const until = { ...history, ops: history.ops.slice(0, at) };
      goOn = findings.add(signature(until, about, phase), until) && goOn;
    }
    if (Date.now() - told > 5000) {
      told = Date.now();
      say(`  ${done} events in ${rounds} histories, ${findings.all().length} disagreements`);
    }
  }
  say(`${done} events in ${rounds} histories, ${findings.all().length} disagreements`);
  for (const { about, history, count } of findings.all()) tell(about, history, count, say);
  return findings.all().length;
};

const hasNoLink = (op: Op | undefined) =>
  /^(peer|link)/.test(op?.type ?? '') && /zero|half|absent/.test(op?.epoch ?? '');

/** One fault shows with many events: it is one finding, unless what is written or delivered differs. */
const signature = (history: History, about: string, phase: string) => {
  const last = history.ops.at(-1);
  const { role } = history;
  if (last?.at !== undefined || last?.without !== undefined || hasNoLink(last))
    return `${about} | ${role} | an event that cannot be`;
  return /^(wire|delivered|returned|store|acknowledged|queue|written|throws)$/.test(about)
    ? `${about} | ${role} | ${last?.type} when ${phase}`
    : `${about} | ${role}`;
};

/** The same moves without the pauses that nothing needs. */
const quicker = (history: History, what: string, ops: History['ops']) => {
  let best = ops;
  for (const [at, op] of ops.entries()) {
    const faster = best.with(at, { ...op, dt: 0 });
    if (shows({ ...history, ops: faster }, what)) best = faster;
  }
  return best;
};

const tell = (about: string, history: History, count: number, say: Run['say']) => {
  const [what = ''] = about.split(' | ');
  const ops = quicker(
    history,
    what,
    shrink(history.ops, (shorter) => shows({ ...history, ops: shorter }, what)),
  );
  const fields = shrink(Object.entries(history.policy), (fewer) =>
    shows({ ...history, policy: Object.fromEntries(fewer), ops }, what),
  );
  say(`\n${about} (in ${count} histories)`);
  for (const line of lines({ ...history, policy: Object.fromEntries(fields), ops }, what)) say(line);
};
