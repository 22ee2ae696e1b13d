import { runEvents } from './events/run.js';
import { runSchedules } from './schedules/run.js';
const [events = '20000', schedules = '200', seed = '1', most = '20'] = process.argv.slice(2);
console.time('t');
if (Number(events) > 0) runEvents({ seed: Number(seed), events: Number(events), most: Number(most), say: console.log });
console.timeEnd('t');
runSchedules({ seed: Number(seed), schedules: Number(schedules), most: Number(most), say: console.log });
console.timeEnd('t');
