export { type Driver, drive } from './drive.js';
export { restore, type SessionRecord, toRecord } from './record.js';
export { asksStore, canResume, hasEnded, open, type Role, type State, step } from './step.js';
export { type Start, type TraceLine, traced } from './trace.js';
