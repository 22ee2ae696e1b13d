/** One engine's process in a contest: a lap comes in, its figure goes out. */
import type { Contestant } from './contestants/contestant.js';
import { createTrack, type Lap } from './laps.js';

const contestant = (await import(`./contestants/${process.argv[2]}.js`)) as Contestant;
const track = createTrack(contestant);

process.on('message', (lap: Lap) => {
  track.drive(lap).then(
    (figure) => process.send?.(figure),
    (reason: unknown) => {
      console.error(reason);
      process.exit(1);
    },
  );
});
