import type { Bench } from './bench.js';
import { liveMemory } from './end-to-end/live-memory.js';
import { replay } from './end-to-end/replay.js';
import { resumption } from './end-to-end/resumption.js';
import { throughput } from './end-to-end/throughput.js';
import { size } from './size.js';

export const benches: readonly Bench[] = [throughput, resumption, replay, liveMemory, size];
