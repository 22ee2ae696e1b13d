/** A stream with stream management: the same for both roles. */
import { ask } from './asking.js';
import { onWire } from './counting.js';
import { closeWithAck, end, sleep } from './ends.js';
import type { Ev } from './event.js';
import { handled, receive } from './inbound.js';
import type { Model } from './model.js';
import { acknowledged, flush } from './outbound.js';
import { close, misuse, streamError, transmit, violation, write } from './say.js';

/** @returns false when the event is none of these */
export const onEnabled = (model: Model, event: Ev): boolean => {
  if (event.type === 'peer.r') write(model, { name: 'a', h: onWire(model.core.handled) as never });
  else if (event.type === 'peer.a') acknowledged(model, event.h);
  else if (event.type === 'peer.stanza') receive(model);
  else if (event.type === 'peer.error') brokenOff(model, event.condition, event.at);
  else if (event.type === 'peer.closed') closed(model);
  else if (event.type === 'link.lost') sleep(model, event.at);
  else if (event.type === 'app.close') closing(model, event.error);
  else if (event.type === 'app.writeUncounted') transmit(model, event.xml);
  else return false;
  return true;
};

/** What every session can be told, on a link or not. */
export const onAnySession = (model: Model, event: Ev) => {
  if (event.type === 'app.handled') handled(model, event.position);
  else misuse(model, event.type);
};

/** XEP-0352: a state of the link, also before it counts. */
export const activity = (model: Model, inactive: boolean) => {
  if (model.epoch === 0) return;
  model.inactive = inactive;
  if (!inactive && model.phase === 'enabled') flush(model);
};

/** Stream errors after which a server may still have the session. */
const RESTARTS: ReadonlySet<string> = new Set([
  'system-shutdown',
  'reset',
  'connection-timeout',
  'internal-server-error',
]);
export const isRestart = (condition: string) => RESTARTS.has(condition);

/** By any other error the server says that it gives the session up. */
const brokenOff = (model: Model, condition: string, at: number) => {
  close(model);
  if (model.role === 'server') sleep(model, at);
  else if (isRestart(condition)) sleep(model, at, 'closed');
  else end(model, 'closed');
};

/** C-1: a clean end, and nothing is left to resume. */
const closed = (model: Model) => {
  closeWithAck(model);
  close(model);
  end(model, 'closed', false);
};

const closing = (model: Model, error: Extract<Ev, { type: 'app.close' }>['error']) => {
  closeWithAck(model);
  if (error !== undefined) streamError(model, violation(error));
  close(model);
  end(model, 'closed');
};

/** The replay, and a question about it, before anything newer. */
export const resume = (model: Model, at: number) => {
  model.phase = 'enabled';
  model.asleep = false;
  model.core.restored = false;
  model.core.written = 0;
  flush(model);
  if (model.core.queue.length > 0) ask(model, at);
};
