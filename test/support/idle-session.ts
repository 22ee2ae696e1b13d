/** An object that has a session and does nothing with it, for tests of stores. */
import { open, policy } from '../../src/index.js';
import type { Running } from '../../src/ports/index.js';

export const idleSession = (smId: string, changes: Partial<Running> = {}): Running => ({
  state: { session: { ...open('server', policy()).session, smId } },
  taken() {},
  outdated() {},
  evict() {},
  ...changes,
});
