import type { Bench } from './bench.js';
import { size } from './size.js';

export const benches: readonly Bench[] = [size];
