/** The server: grants, claims and hibernates. */

import { cancel, failAsked, giveBack, refuse, refuseRequest, waitsForStore } from './asked.js';
import { claimAnswered, coreOf, isAnswer } from './claim.js';
import { onAnySession, onEnabled } from './enabled.js';
import { end, fail, supersede } from './ends.js';
import type { Ev } from './event.js';
import { deliverUncounted, receive } from './inbound.js';
import { freshCore, type Model } from './model.js';
import { flush, trim } from './outbound.js';
import { close, misuse, order, report, returned, streamError, transmit, violation, write } from './say.js';

type Of<T extends Ev['type']> = Extract<Ev, { type: T }>;

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
  if (event.type === 'app.keepFor' && (phase === 'enabled' || model.asleep)) return keepFor(model, event.seconds);
  onAnySession(model, event);
};

/** A session that can be resumed is kept for another time than was agreed, from its next absence on (M-1). */
const keepFor = (model: Model, seconds: number) => {
  if (model.core.smId !== null) model.core.max = seconds;
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
  if (event.type === 'peer.malformed') return refuse(model, event.refusal, isSm2(event));
  if (event.type === 'peer.violation') return violated(model, event);
  if (event.type === 'peer.closed' || event.type === 'peer.error' || event.type === 'link.lost')
    return leave(model, event.type);
  const asks = event.type === 'peer.enable' || event.type === 'peer.resume';
  refuse(model, { condition: 'unexpected-request' }, asks ? isSm2(event) : model.sm2);
};

const second = (model: Model) => fail(model, violation('policy-violation'));

const stanza = (model: Model) => {
  if (model.phase === 'granting') return receive(model);
  // The runner of a client's stream holds its input back while a claim is decided.
  if (model.asleep || (waitsForStore(model) && model.back !== 'verified')) return misuse(model, 'peer.stanza');
  deliverUncounted(model);
};

const isSm2 = ({ xmlns }: { readonly xmlns: string }) => xmlns === 'urn:xmpp:sm:2';

/** Does this server keep sessions (E-5)? */
const keeps = ({ policy }: Model) => policy.resume && policy.hibernationTime > 0;

const enable = (model: Model, event: Of<'peer.enable'>) => {
  const { policy } = model;
  model.back = model.phase;
  model.core = { ...freshCore(policy, model.core.position), owner: model.core.owner };
  const wish = event.max !== undefined && event.max > 0 ? event.max : policy.hibernationTime;
  const max = Math.min(wish, policy.hibernationTime);
  model.request = { previd: '', h: 0, max, sm2: isSm2(event), resumable: event.resume };
  if (!event.resume || !keeps(model) || model.core.owner === null) return grant(model, null);
  model.phase = 'granting';
  order(model, { type: 'store.save', owner: model.core.owner });
};

const grant = (model: Model, smId: string | null) => {
  const { core, policy } = model;
  core.smId = smId;
  core.max = smId === null ? 0 : (model.request.max ?? 0);
  core.location = smId === null ? null : policy.location;
  const { max, location } = core;
  model.sm2 = model.request.sm2;
  if (smId === null) write(model, { name: 'enabled', resume: false });
  else write(model, enabledOf(smId, max, location));
  model.phase = 'enabled';
  model.askedUpTo = core.acked;
  report(model, { type: 'enabled', resumable: smId !== null, max, location });
  flush(model);
};

/** On the wire `max` is a whole number from 1 on (E-12). */
const enabledOf = (id: string, max: number, location: string | null) => ({
  name: 'enabled' as const,
  resume: true,
  id,
  ...(max >= 1 ? { max: Math.floor(max) } : {}),
  ...(location === null ? {} : { location }),
});

const claim = (model: Model, event: Of<'peer.resume'>) => {
  // Server to server: stanzas of a refused <enable/> have positions, and a session from the store has the same ones.
  if (model.core.position > 0) return refuse(model, { condition: 'unexpected-request' }, isSm2(event));
  if (!model.policy.resume) return refuse(model, { condition: 'feature-not-implemented' }, isSm2(event));
  if (model.core.owner === null) return;
  model.back = model.phase;
  model.phase = 'claiming';
  model.request = { previd: event.previd, h: event.h, max: null, sm2: isSm2(event), resumable: true };
  order(model, { type: 'store.claim', owner: model.core.owner, smId: event.previd, h: event.h });
};

const violated = (model: Model, { violation: failure }: Of<'peer.violation'>) => {
  if (waitsForStore(model)) failAsked(model, failure);
  else fail(model, failure);
};

const leave = (model: Model, type: 'peer.closed' | 'peer.error' | 'link.lost') => {
  if (type === 'link.lost') model.epoch = 0;
  else close(model);
  const reason = type === 'peer.closed' ? 'closed' : 'lost';
  if (waitsForStore(model)) return cancel(model, reason);
  end(model, reason);
};

const closing = (model: Model, event: Of<'app.close'>) => {
  if (model.epoch !== 0) {
    if (event.error !== undefined) streamError(model, violation(event.error));
    close(model);
  }
  if (waitsForStore(model)) return cancel(model, 'closed', true);
  end(model, 'closed');
};

const onCancelling = (model: Model, event: Ev) => {
  if (event.type === 'app.close') model.closed = true;
  else if (event.type === 'link.lost') model.epoch = 0;
};

/** What the store answers and tells. Answers that come too late are ignored, but nothing that they bring is lost. */
export const onStore = (model: Model, event: Ev) => {
  if (event.type === 'store.taken') return taken(model);
  if (event.type === 'store.outdated') return outdated(model);
  if (event.type === 'store.evicted') return evicted(model);
  if (model.phase === 'cancelling' && isStrange(model, event)) return answeredStrangely(model, event);
  if (event.type === 'store.saved' && !waitsForSave(model)) return forget(model, event.smId);
  if (waitsForClaim(model)) return claimAnswered(model, event);
  if (event.type === 'store.claimed') return giveBack(model, coreOf(event));
  if (waitsForSave(model)) return saveAnswered(model, event);
  misuse(model, event.type);
};

/** The answer to another request than the one that is cancelled: it ends the wait, and nothing that it brings is lost. */
const isStrange = ({ request }: Model, { type }: Ev) => type === (request.resumable ? 'store.saved' : 'store.claimed');

const answeredStrangely = (model: Model, event: Ev) => {
  if (event.type === 'store.saved') forget(model, event.smId);
  else if (event.type === 'store.claimed') giveBack(model, coreOf(event));
  end(model, 'closed');
};

const waitsForClaim = ({ phase, request }: Model) =>
  phase === 'claiming' || (phase === 'cancelling' && request.resumable);

const waitsForSave = ({ phase, request }: Model) =>
  phase === 'granting' || (phase === 'cancelling' && !request.resumable);

/** The session that the store keeps under this SM-ID is not used, unless it is the present one. */
const forget = (model: Model, smId: string) => {
  const { owner, smId: own } = model.core;
  const isPresent = smId === own && model.phase !== 'ended';
  if (isPresent || smId === own || owner === null) return;
  order(model, { type: 'store.forget', owner, smId });
};

const saveAnswered = (model: Model, event: Ev) => {
  const given = model.phase === 'cancelling';
  if (event.type === 'store.saved') {
    if (!given) return grant(model, event.smId);
    forget(model, event.smId);
    return end(model, 'closed');
  }
  if (event.type !== 'store.failed' && !(given && isAnswer(event))) return misuse(model, event.type);
  if (given) return end(model, 'closed');
  refuseRequest(model, { condition: 'internal-server-error' });
};

/** The store gave the session to the link that claimed it last: whatever this end does now, the store ignores it. */
const taken = (model: Model) => {
  const { core, phase } = model;
  const live = phase === 'enabled';
  if (live && core.smId === null) return misuse(model, 'store.taken');
  if (!live && !model.asleep && phase !== 'claiming' && phase !== 'cancelling') return;
  if (model.asleep) report(model, { type: 'hibernationEnd', resumed: true });
  if (live || model.asleep) report(model, { type: 'superseded' });
  // The session that this link claimed never came here: what waited for it goes back.
  if (phase === 'claiming') returned(model, 'lost', core.queue, 0);
  if (live || phase === 'claiming') {
    streamError(model, violation('conflict'));
    close(model);
  }
  supersede(model);
};

/** The client has more than the record of this session knows: all that the record has as written arrived, and the session cannot go on (law 9). */
const outdated = (model: Model) => {
  if (!model.asleep) return misuse(model, 'store.outdated');
  trim(model, model.core.written);
  end(model, 'resumptionFailed');
};

const evicted = (model: Model) => {
  if (!model.asleep) return misuse(model, 'store.evicted');
  report(model, { type: 'evicted' });
  end(model, 'evicted');
};
