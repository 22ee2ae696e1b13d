/** The client: enables, resumes, and binds afresh when the server no longer has its session. */
import { coveredBy, judge, onWire } from './counting.js';
import { isRestart, onAnySession, onEnabled, resume } from './enabled.js';
import { end, fail, giveUp, unlink } from './ends.js';
import type { Ev } from './event.js';
import { deliverUncounted } from './inbound.js';
import type { Model } from './model.js';
import { flush, tooHigh, trim } from './outbound.js';
import { carry, close, report, returned, streamError, tolerate, transmit, violation, write } from './say.js';

type Of<T extends Ev['type']> = Extract<Ev, { type: T }>;

export const onClient = (model: Model, event: Ev) => {
  if (model.phase === 'enabled' && onEnabled(model, event)) return;
  if (event.type.startsWith('peer.') || event.type === 'link.lost') return onPeer(model, event);
  onApp(model, event);
};

const onApp = (model: Model, event: Ev) => {
  const { phase } = model;
  if (event.type === 'link.opened' && phase === 'unlinked') return opened(model, event);
  if (event.type === 'app.close') return closing(model, event);
  if (event.type === 'app.writeUncounted' && phase !== 'unlinked' && phase !== 'resuming')
    return transmit(model, event.xml);
  if (event.type === 'app.authenticating' && phase === 'unauthenticated') return carried(model);
  if (event.type === 'app.authenticated' && phase === 'unauthenticated') return authenticated(model, event);
  if (event.type === 'app.verified' && phase === 'unauthenticated') return verified(model, event.owner);
  if (event.type === 'app.bound' && phase === 'authenticated') return bound(model, event);
  if (event.type === 'app.resume' && model.asleep && (phase === 'authenticated' || phase === 'verified'))
    return ask(model, event.at);
  if (event.type === 'app.enable' && mayEnable(model)) return enable(model, event.at);
  if (event.type === 'app.decline' && (mayEnable(model) || phase === 'verified')) return decline(model);
  onAnySession(model, event);
};

/** A session between servers that waits is asked for first. */
const mayEnable = ({ phase, asleep }: Model) => phase === 'bound' || (phase === 'verified' && !asleep);

const opened = (model: Model, event: Of<'link.opened'>) => {
  model.phase = 'unauthenticated';
  model.epoch = event.epoch;
  model.lastEpoch = event.epoch;
  model.inactive = false;
  model.askedUpTo = model.core.acked;
};

const resumption = ({ core }: Model) => ({
  name: 'resume' as const,
  previd: core.smId ?? '',
  h: onWire(core.handled) as never,
});

/** Seconds for which the client wants its session kept; 0 when it wants none. */
const wish = ({ policy }: Model) =>
  policy.resume && policy.hibernationTime > 0 ? Math.max(1, Math.ceil(policy.hibernationTime)) : 0;

const enabling = (model: Model) => {
  const max = wish(model);
  return max > 0 ? { name: 'enable' as const, resume: true, max } : { name: 'enable' as const, resume: false };
};

/** What an authentication request carries: the resumption first, and the session that follows when it fails (I-3). */
const carried = (model: Model) => {
  if (model.asleep) {
    model.duplicates = model.core.received - model.core.handled;
    carry(model, resumption(model));
  }
  carry(model, enabling(model));
};

/** An SM-ID is valid for its owner alone. */
const owned = (model: Model, owner: string) => {
  if (model.asleep && model.core.owner !== owner) giveUp(model);
  model.core.owner = owner;
};

const authenticated = (model: Model, event: Of<'app.authenticated'>) => {
  owned(model, event.owner);
  model.phase = 'authenticated';
  model.back = 'authenticated';
  if (event.resuming === true && model.asleep) wait(model, 'resuming', event.at);
};

const verified = (model: Model, owner: string) => {
  model.phase = 'verified';
  model.back = 'verified';
  owned(model, owner);
};

const bound = (model: Model, event: Of<'app.bound'>) => {
  if (model.asleep) giveUp(model);
  model.phase = 'bound';
  if (event.enabling === true) startCounting(model, event.at);
};

const wait = (model: Model, phase: 'resuming' | 'enabling', at: number) => {
  model.phase = phase;
  model.question = { kind: 'request', since: at, overdue: false, dead: false };
};

const ask = (model: Model, at: number) => {
  model.duplicates = model.core.received - model.core.handled;
  write(model, resumption(model));
  wait(model, 'resuming', at);
};

const enable = (model: Model, at: number) => {
  write(model, enabling(model));
  startCounting(model, at);
};

/** from here on stanzas count. */
const startCounting = (model: Model, at: number) => {
  wait(model, 'enabling', at);
  flush(model);
};

const decline = (model: Model) => {
  if (model.asleep) giveUp(model);
  flush(model);
  unmanage(model);
};

const unmanage = (model: Model) => {
  const { core } = model;
  model.phase = 'unmanaged';
  model.question = null;
  returned(model, 'unmanaged', core.queue, core.written);
  core.queue = [];
  core.written = 0;
};

const closing = (model: Model, event: Of<'app.close'>) => {
  if (model.epoch !== 0) {
    if (event.error !== undefined) streamError(model, violation(event.error));
    close(model);
  }
  end(model, 'closed');
};

const onPeer = (model: Model, event: Ev) => {
  const { phase } = model;
  if (event.type === 'peer.violation') return violated(model, event);
  if (event.type === 'peer.error' && phase === 'resuming' && !isRestart(event.condition)) return rejected(model);
  if (event.type === 'peer.closed' || event.type === 'peer.error') return leave(model);
  if (event.type === 'link.lost') return lost(model);
  if (event.type === 'peer.enabled' && phase === 'enabling') return enabled(model, event);
  if (event.type === 'peer.failed' && phase === 'enabling') return refused(model, event);
  if (event.type === 'peer.resumed' && phase === 'resuming') return resumed(model, event);
  if (event.type === 'peer.failed' && phase === 'resuming') return failed(model, event.h, event.condition);
  if (event.type === 'peer.stanza') return deliverUncounted(model);
  tolerate(model);
};

/** The server answers `<resume/>` with the end of the stream: it will do so again. */
const rejected = (model: Model) => {
  close(model);
  report(model, { type: 'resumptionFailed', condition: null, h: null, state: '' });
  giveUp(model);
  unlink(model);
};

const violated = (model: Model, { violation: failure }: Of<'peer.violation'>) => {
  if (!model.asleep) return fail(model, failure);
  report(model, { type: 'violation', failure, state: '' });
  streamError(model, failure);
  close(model);
  unlink(model);
};

const leave = (model: Model) => {
  close(model);
  if (model.phase === 'enabling') return end(model, 'closed');
  unlink(model);
};

const lost = (model: Model) => {
  if (model.phase !== 'enabling') return unlink(model);
  model.epoch = 0;
  end(model, 'lost');
};

const enabled = (model: Model, event: Of<'peer.enabled'>) => {
  const { core } = model;
  const most = wish(model);
  const resumable = most > 0 && event.resume && event.id !== undefined && event.id !== '';
  model.phase = 'enabled';
  model.question = null;
  core.smId = resumable ? (event.id ?? null) : null;
  core.max = resumable ? Math.min(event.max ?? most, most) : 0;
  core.restored = false;
  core.location = resumable ? (event.location ?? null) : null;
  const { max, location } = core;
  report(model, { type: 'enabled', resumable, max, location });
};

const refused = (model: Model, event: Of<'peer.failed'>) => {
  report(model, { type: 'refused', condition: event.condition ?? null, state: '' });
  unmanage(model);
};

const resumed = (model: Model, event: Of<'peer.resumed'>) => {
  const { core } = model;
  const wrong = () => fail(model, violation('undefined-condition'));
  if (event.previd !== core.smId || event.h === undefined) return wrong();
  const verdict = judge(core, event.h);
  if (!verdict.legal && verdict.tooHigh && core.restored) return behindTheWire(model, event.h);
  if (!verdict.legal) return verdict.tooHigh ? fail(model, tooHigh(model, event.h)) : wrong();
  model.question = null;
  report(model, { type: 'hibernationEnd', resumed: true });
  const replayed = core.queue.length - verdict.count;
  report(model, { type: 'resumed', acknowledged: verdict.count, replayed });
  trim(model, verdict.count);
  resume(model, event.at);
};

/** The server has resumed the session on this stream, so the client cannot bind on it: it closes the stream. */
const behindTheWire = (model: Model, h: number) => {
  close(model);
  failed(model, h);
  unlink(model);
};

/**
 * what a legal h covers has arrived. An h that is not legal says nothing, and is not passed on. But the peer of a restored session may
 * know of more than the record does: then it has all that the record has as written.
 */
const failed = (model: Model, h: number | undefined, condition: Of<'peer.failed'>['condition'] | null = null) => {
  const covered = h === undefined ? null : coveredBy(model.core, h);
  if (covered !== null) trim(model, covered);
  else if (h !== undefined) tolerate(model);
  report(model, {
    type: 'resumptionFailed',
    condition: condition ?? null,
    h: covered === null ? null : (h as never),
    state: '',
  });
  giveUp(model);
  model.phase = model.back;
};
