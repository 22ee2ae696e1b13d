/** Test files share a process: a file that leaves a global, a listener or a variable of the environment behind fails. */
import { afterAll, expect, vi } from 'vitest';

const LISTENERS = ['uncaughtException', 'unhandledRejection', 'SIGINT', 'SIGTERM'];

/** Mermaid writes its own. */
const HARMLESS = ['injected'];

const shared = () => ({
  globals: Object.getOwnPropertyNames(globalThis)
    .filter((name) => !HARMLESS.includes(name))
    .sort(),
  environment: { ...process.env },
  listeners: LISTENERS.map((event) => `${event}: ${process.listenerCount(event)}`),
  fakeTimers: vi.isFakeTimers(),
});

const before = shared();
afterAll(() => expect(shared()).toEqual(before));
