import type { Bench } from './bench.js';
import { throughput } from './end-to-end/throughput.js';

export const benches: readonly Bench[] = [throughput];
