/** What stands in the place of a connection that is gone, so that nothing of it is kept. */
import type { Transport } from '../ports/index.js';
import type { StreamParser } from '../xml.js';

export const nothing = (): void => {};

export const GONE: Transport = {
  secure: false,
  loopback: false,
  write: nothing,
  end: nothing,
  destroy: nothing,
  pause: nothing,
  resume: nothing,
};

export const CLOSED: StreamParser = {
  idle: false,
  write: nothing,
  restart: nothing,
  setLimits: nothing,
  close: nothing,
};
