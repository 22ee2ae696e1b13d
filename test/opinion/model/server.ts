/** The server: grants, claims and hibernates. */

import { claimAnswered, isAnswer } from './claim.js';
import { judge, onWire, sendCount } from './counting.js';
import { onAnySession, onEnabled } from './enabled.js';
import { end, fail, surrender } from './ends.js';
import type { Ev } from './event.js';
import { deliverUncounted, receive } from './inbound.js';
import { freshCore, type Model } from './model.js';
import { close, misuse, type Nonza, order, report, streamError, transmit, violation, write } from './say.js';

type Of<T extends Ev['type']> = Extract<Ev, { type: T }>;
type Condition = NonNullable<Extract<Nonza, { name: 'failed' }>['condition']>;

export const onServer = (model: Model, event: Ev) => {
  if (event.type.startsWith('store.')) return onStore(model, event);
  if (model.phase === 'cancelling') return onCancelling(model, event);
  if (model.phase === 'enabled' && onEnabled(model, event)) return;
  if (event.type.startsWith('peer.') || event.type === 'link.lost') return onPeer(model, event);
  onApp(model, event);
};

const onApp = (model: Model, event: Ev) => {
  const { phase } = model;
  if (event.type === 'app.close') return closing(model, event);
  if (event.type === 'app.writeUncounted' && model.epoch !== 0) return transmit(model, event.xml);
  if (event.type === 'app.authenticated' && phase === 'unauthenticated')
    return owned(model, 'authenticated', event.owner);
  if (event.type === 'app.verified' && phase === 'unauthenticated') return owned(model, 'verified', event.owner);
  if (event.type === 'app.bound' && phase === 'authenticated') {
    model.phase = 'bound';
    return;
  }
  onAnySession(model, event);
};

const owned = (model: Model, phase: 'authenticated' | 'verified', owner: string) => {
  model.phase = phase;
  model.core.owner = owner;
};

const onPeer = (model: Model, event: Ev) => {
  const { phase } = model;
  if (event.type === 'peer.enable' && (phase === 'bound' || phase === 'verified')) return enable(model, event);
  if (event.type === 'peer.enable' && phase === 'enabled' && model.policy.secondEnable === 'close')
    return second(model);
  if (event.type === 'peer.resume' && (phase === 'authenticated' || phase === 'verified')) return claim(model, event);
  if (event.type === 'peer.stanza') return stanza(model);
  if (event.type === 'peer.malformed') return refuse(model, event.refusal);
  if (event.type === 'peer.violation') return violated(model, event);
  if (event.type === 'peer.closed' || event.type === 'peer.error') return leave(model, true);
  if (event.type === 'link.lost') return leave(model, false);
  refuse(model, { condition: 'unexpected-request' });
};

const second = (model: Model) => fail(model, violation('policy-violation'));

const stanza = (model: Model) => {
  // Who drives the session holds the peer's input back while the store decides.
  if (model.phase === 'granting' && model.back === 'verified') return receive(model);
  if (model.asleep || (waitsForStore(model) && model.back !== 'verified')) return misuse(model, 'peer.stanza');
  deliverUncounted(model);
};

export const refuse = (model: Model, why: { condition: Condition; text?: string; h?: unknown }) => {
  const { condition, h, text } = why;
  write(model, {
    name: 'failed',
    condition,
    ...(h === undefined ? {} : { h: h as never }),
    ...(text === undefined ? {} : { text }),
  });
  report(model, { type: 'refused', condition, state: '' });
};

const speak = (model: Model, xmlns: string) => {
  model.sm2 = xmlns === 'urn:xmpp:sm:2';
};

const enable = (model: Model, event: Of<'peer.enable'>) => {
  const { policy } = model;
  speak(model, event.xmlns);
  model.back = model.phase;
  model.core = { ...freshCore(policy, model.core.position), owner: model.core.owner };
  const wish = event.max !== undefined && event.max > 0 ? event.max : policy.hibernationTime;
  model.request = { previd: '', h: 0, max: Math.min(wish, policy.hibernationTime), resumable: event.resume };
  if (!event.resume || !policy.resume || model.core.owner === null) return grant(model, null);
  model.phase = 'granting';
  order(model, { type: 'store.save', owner: model.core.owner });
};

const grant = (model: Model, smId: string | null) => {
  const { core, policy } = model;
  core.smId = smId;
  core.max = smId === null ? 0 : (model.request.max ?? 0);
  core.location = smId === null ? null : policy.location;
  const { max, location } = core;
  if (smId === null) write(model, { name: 'enabled', resume: false });
  else write(model, { name: 'enabled', resume: true, id: smId, max, ...(location === null ? {} : { location }) });
  model.phase = 'enabled';
  model.askedUpTo = core.acked;
  report(model, { type: 'enabled', resumable: smId !== null, max, location });
};

const claim = (model: Model, event: Of<'peer.resume'>) => {
  if (!model.policy.resume) return refuse(model, { condition: 'feature-not-implemented' });
  speak(model, event.xmlns);
  if (model.core.owner === null) return;
  model.back = model.phase;
  model.phase = 'claiming';
  model.request = { previd: event.previd, h: event.h, max: null, resumable: true };
  order(model, { type: 'store.claim', owner: model.core.owner, smId: event.previd, h: event.h });
};

const waitsForStore = ({ phase }: Model) => phase === 'granting' || phase === 'claiming';

/** A link ends while the store has yet to answer: it is as if it had never asked. */
const cancel = (model: Model, byApp: boolean) => {
  model.closed = byApp;
  model.core = { ...model.core, smId: null };
  model.request.resumable = model.phase === 'claiming';
  model.phase = 'cancelling';
};

const violated = (model: Model, { violation: failure }: Of<'peer.violation'>) => {
  if (!waitsForStore(model)) return fail(model, failure);
  report(model, { type: 'violation', failure, state: '' });
  streamError(model, failure);
  close(model);
  cancel(model, false);
};

const leave = (model: Model, closes: boolean) => {
  if (closes) close(model);
  else model.epoch = 0;
  if (waitsForStore(model)) return cancel(model, false);
  end(model, closes ? 'closed' : 'lost');
};

const closing = (model: Model, event: Of<'app.close'>) => {
  if (model.epoch !== 0) {
    if (event.error !== undefined) streamError(model, violation(event.error));
    close(model);
  }
  if (waitsForStore(model)) return cancel(model, true);
  end(model, 'closed');
};

const onCancelling = (model: Model, event: Ev) => {
  if (event.type === 'app.close') model.closed = true;
  else if (event.type === 'link.lost') model.epoch = 0;
};

const onStore = (model: Model, event: Ev) => {
  if (event.type === 'store.wanted') return wanted(model, event.h);
  if (event.type === 'store.evicted') return evicted(model);
  if (event.type !== 'store.saved' && waitsForClaim(model)) {
    return claimAnswered(model, event);
  }
  if (model.phase === 'granting' || model.phase === 'cancelling') return saveAnswered(model, event);
  misuse(model, event.type);
};

const waitsForClaim = ({ phase, request }: Model) =>
  phase === 'claiming' || (phase === 'cancelling' && request.resumable);

const saveAnswered = (model: Model, event: Ev) => {
  const given = model.phase === 'cancelling';
  if (event.type === 'store.saved') {
    if (!given) return grant(model, event.smId);
    if (model.core.owner !== null) order(model, { type: 'store.forget', owner: model.core.owner, smId: event.smId });
    return end(model, 'closed');
  }
  if (event.type !== 'store.failed' && !(given && isAnswer(event))) return misuse(model, event.type);
  if (event.type === 'store.failed') {
    report(model, { type: 'storeFault', failure: { kind: 'storeFault', reason: event.reason }, state: '' });
  }
  if (given) return end(model, 'closed');
  refuse(model, { condition: 'internal-server-error' });
  model.core = { ...freshCore(model.policy, model.core.position), owner: model.core.owner };
  model.phase = model.back;
};

/** The session itself judges who may take it over (the rule of section 4). */
const wanted = (model: Model, h: number) => {
  const { core, phase } = model;
  if (phase === 'claiming' || phase === 'cancelling') {
    return order(model, { type: 'store.surrender', answer: { type: 'conflict' } });
  }
  if (core.smId === null || !(phase === 'enabled' || model.asleep)) return misuse(model, 'store.wanted');
  const verdict = judge(core, h);
  if (verdict.legal) return surrender(model);
  const answer = verdict.tooHigh
    ? { type: 'tooHigh' as const, sendCount: onWire(sendCount(core)) as never }
    : { type: 'stale' as const, h: onWire(core.handled) as never };
  order(model, { type: 'store.surrender', answer });
};

const evicted = (model: Model) => {
  if (!model.asleep) return misuse(model, 'store.evicted');
  report(model, { type: 'evicted' });
  end(model, 'evicted');
};
