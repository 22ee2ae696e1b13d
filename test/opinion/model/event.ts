import type { SmEvent } from '../../../src/index.js';

export type Ev = SmEvent;
