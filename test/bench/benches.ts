import { acks } from './acks.js';
import { ahead } from './ahead.js';
import type { Bench } from './bench.js';
import { delta } from './delta.js';
import { burst } from './end-to-end/burst.js';
import { liveMemory } from './end-to-end/live-memory.js';
import { profile } from './end-to-end/profile.js';
import { replay } from './end-to-end/replay.js';
import { resumption } from './end-to-end/resumption.js';
import { throughput } from './end-to-end/throughput.js';
import { heldStanzas } from './held.js';
import { memory } from './memory.js';
import { million } from './million.js';
import { size } from './size.js';
import { step } from './step.js';

export const benches: readonly Bench[] = [
  step,
  acks,
  ahead,
  delta,
  heldStanzas,
  memory,
  million,
  throughput,
  burst,
  resumption,
  replay,
  liveMemory,
  profile,
  size,
];
