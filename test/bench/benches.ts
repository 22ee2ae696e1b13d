import { acks } from './acks.js';
import type { Bench } from './bench.js';
import { step } from './step.js';

export const benches: readonly Bench[] = [step, acks];
