import { acks } from './acks.js';
import type { Bench } from './bench.js';
import { memory } from './memory.js';
import { million } from './million.js';
import { step } from './step.js';

export const benches: readonly Bench[] = [step, acks, memory, million];
