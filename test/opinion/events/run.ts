/** The first driver: long random sequences of events, for the project and the model at once. */
import { collector } from '../findings.js';
import { randomFrom, seedOfRound } from '../random.js';
import { shrink } from '../shrink.js';
import { play } from './generate.js';
import type { History } from './op.js';
import { isSame, lines } from './print.js';

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
    const { history, disagreement, moves } = play(randomFrom(seedOfRound(seed, rounds)));
    done += moves;
    rounds += 1;
    if (disagreement !== null) goOn = findings.add(signature(history, disagreement.about), history);
    if (Date.now() - told > 5000) {
      told = Date.now();
      say(`  ${done} events in ${rounds} histories, ${findings.all().length} disagreements`);
    }
  }
  say(`${done} events in ${rounds} histories, ${findings.all().length} disagreements`);
  for (const { about, history, count } of findings.all()) tell(about, history, count, say);
  return findings.all().length;
};

const signature = (history: History, about: string) => `${about} | ${history.role} | ${history.ops.at(-1)?.type}`;

const tell = (about: string, history: History, count: number, say: Run['say']) => {
  const [what = ''] = about.split(' | ');
  const ops = shrink(history.ops, (shorter) => isSame({ ...history, ops: shorter }, what));
  const fields = shrink(Object.entries(history.policy), (fewer) => isSame({ ...history, policy: Object.fromEntries(fewer), ops }, what));
  say(`\n${about} (in ${count} histories)`);
  for (const line of lines({ ...history, policy: Object.fromEntries(fields), ops })) say(line);
};
