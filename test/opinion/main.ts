import { runEvents } from './events/run.js';
const [events = '20000', seed = '1', most = '20'] = process.argv.slice(2);
console.time('t');
runEvents({ seed: Number(seed), events: Number(events), most: Number(most), say: console.log });
console.timeEnd('t');
