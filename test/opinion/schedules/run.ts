/** The second driver: clients, servers and stores over lossy wires, with a second opinion at either end. */
import type { Run } from '../events/run.js';
import { collector } from '../findings.js';
import { randomFrom, seedOfRound } from '../random.js';
import { shrink } from '../shrink.js';
import { anySchedule, playSchedule, type Schedule } from './play.js';
import { scheduleLines } from './print.js';

export const runSchedules = ({ seed, schedules, most, say }: Omit<Run, 'events'> & { schedules: number }): number => {
  const findings = collector<Schedule>(most);
  let told = Date.now();
  let done = 0;
  for (let goOn = true; done < schedules && goOn; done += 1) {
    const schedule = anySchedule(randomFrom(seedOfRound(seed ^ 0x5c4ed, done)));
    const found = playSchedule(schedule);
    if (found !== null)
      goOn = findings.add(`${found.about} | ${schedule.setup.client}/${schedule.setup.server}`, schedule);
    if (Date.now() - told > 5000) {
      told = Date.now();
      say(`  ${done + 1} schedules, ${findings.all().length} disagreements`);
    }
  }
  say(`${done} schedules, ${findings.all().length} disagreements`);
  for (const { about, history, count } of findings.all()) tell(about, history, count, say);
  return findings.all().length;
};

const tell = (about: string, { setup, moves }: Schedule, count: number, say: Run['say']) => {
  const [what = ''] = about.split(' | ');
  const shorter = shrink(moves, (fewer) => playSchedule({ setup, moves: fewer })?.about === what);
  const fields = shrink(Object.entries(setup.policy), (fewer) => {
    const policy = Object.fromEntries(fewer);
    return playSchedule({ setup: { ...setup, policy }, moves: shorter })?.about === what;
  });
  say(`\n${about} (in ${count} schedules)`);
  for (const line of scheduleLines({ setup: { ...setup, policy: Object.fromEntries(fields) }, moves: shorter }))
    say(line);
};
