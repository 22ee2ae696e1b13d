/** One process of a contest: its engine with so many stanzas queued. A lap's name comes in, its figure goes out. */
import type { Contestant } from './contestants/contestant.js';
import { type Lap, laps, prepare } from './laps.js';

const [, , name, queued] = process.argv;
const contestant = (await import(`./contestants/${name}.js`)) as Contestant;
const session = await prepare(contestant, Number(queued));

process.on('message', (lap: Lap['name']) => {
  laps[lap](session, Number(queued)).then(
    (figure) => process.send?.(figure),
    (reason: unknown) => {
      console.error(reason);
      process.exit(1);
    },
  );
});
// Engines have timers of their own, which would keep it alive.
process.on('disconnect', () => process.exit());
process.send?.(0);
