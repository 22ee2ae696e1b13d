/** One process of a contest: its engine with so many stanzas queued. A lap's name comes in, its figure goes out. */
import type { Contestant } from './contestants/contestant.js';
import { gather, type Lap, laps } from './laps.js';

const [, , name, queued] = process.argv;
const contestant = (await import(`./contestants/${name}.js`)) as Contestant;
const crowd = await gather(contestant, Number(queued));

process.on('message', (lap: Lap['name']) => {
  laps[lap](crowd, Number(queued)).then(
    (figure) => process.send?.(figure),
    (reason: unknown) => {
      console.error(reason);
      process.exit(1);
    },
  );
});
process.send?.(0);
