/** How a link and a session end. */
import { onWire } from './counting.js';
import { freshCore, type Model, NO_TIMERS } from './model.js';
import { close, order, type Reason, report, returned, streamError, type Violation, write } from './say.js';

const stopClocks = (model: Model) => {
  model.question = null;
  model.timers = { ...NO_TIMERS };
};

/** The session is over: each stanza that is left goes back, once. */
export const end = (model: Model, reason: Reason, keepH = true) => {
  const { core } = model;
  stopClocks(model);
  if (model.asleep) report(model, { type: 'hibernationEnd', resumed: false });
  if (model.role === 'server' && core.owner !== null && core.smId !== null) {
    const { owner, smId } = core;
    if (keepH) order(model, { type: 'store.expire', owner, smId, h: onWire(core.handled) as never });
    else order(model, { type: 'store.forget', owner, smId });
  }
  returned(model, reason, core.queue, core.written);
  core.queue = [];
  core.written = 0;
  model.asleep = false;
  model.phase = 'ended';
  report(model, { type: 'ended' });
};

/** The peer broke the protocol: a stream error, and the session is over. */
export const fail = (model: Model, failure: Violation, reason: Reason = 'violation') => {
  report(model, { type: 'violation', failure, state: '' });
  streamError(model, failure);
  close(model);
  end(model, reason);
};

/** The link is gone. A session that can be resumed waits for its client; the embedder gets the stanzas of any other. */
export const sleep = (model: Model, at: number, otherwise: Reason = 'lost') => {
  const { core } = model;
  stopClocks(model);
  model.duplicates = 0;
  model.epoch = 0;
  if (core.smId === null) return end(model, otherwise);
  if (core.owner !== null && model.role === 'server') {
    order(model, { type: 'store.hibernate', owner: core.owner, smId: core.smId });
  }
  model.asleep = true;
  model.phase = 'unlinked';
  // E-12: no session is endless.
  model.timers.resumption = at + Math.min(core.max, 2 ** 32) * 1000;
  const until = model.timers.resumption;
  report(model, { type: 'hibernationStart', until, unacked: core.queue.length, stanzas: [...core.queue] });
};

/** A client whose session waits has lost the link on which it meant to resume, or has no session: it needs a new link. */
export const unlink = (model: Model) => {
  model.question = null;
  model.timers.ackWait = null;
  model.duplicates = 0;
  model.epoch = 0;
  model.phase = 'unlinked';
};

/** The session cannot be resumed, but the stream goes on without it. */
export const giveUp = (model: Model) => {
  const { core } = model;
  model.question = null;
  model.timers.ackWait = null;
  model.timers.resumption = null;
  model.asleep = false;
  model.duplicates = 0;
  report(model, { type: 'hibernationEnd', resumed: false });
  returned(model, 'resumptionFailed', core.queue, core.written);
  model.core = { ...freshCore(model.policy, core.position), owner: core.owner };
  model.askedUpTo = model.core.acked;
};

/** Another link has the session: what is left of the queue is there. */
export const supersede = (model: Model) => {
  const { core } = model;
  stopClocks(model);
  core.queue = [];
  core.written = 0;
  model.asleep = false;
  model.superseded = true;
  model.phase = 'ended';
  report(model, { type: 'ended' });
};

/** A last `<a/>`, then the end of the stream. */
export const closeWithAck = (model: Model) => {
  write(model, { name: 'a', h: onWire(model.core.handled) as never });
};
