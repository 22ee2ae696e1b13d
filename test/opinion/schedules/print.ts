/** A schedule as the events at both ends. */
import { effectLine, eventLine } from '../events/print.js';
import { playSchedule, type Schedule } from './play.js';

export const scheduleLines = (schedule: Schedule): readonly string[] => {
  const { client, server, policy } = schedule.setup;
  const told = [`client: ${client}, server: ${server}, policy ${JSON.stringify(policy)}`];
  const found = playSchedule(schedule, ({ end, event, effects }) => {
    const name = end.role === 'client' ? 'client' : `server ${end.id}`;
    told.push(`  ${name}: ${eventLine(event)} -> ${effects.map(effectLine).join('; ') || 'nothing'}`);
  });
  if (found !== null) told.push(`  ${found.about}: [${found.project}]`);
  return told.length > 120 ? [...told.slice(0, 100), '  ...', ...told.slice(-20)] : told;
};
