/** The moves that lead somewhere, phase by phase. The others come from `wild.ts`. */
import type { Model } from '../model/model.js';
import type { Random } from '../random.js';
import type { Donor, Op } from './op.js';

export type Draft = Omit<Op, 'id' | 'dt'> & { readonly dt?: number };

const SM3 = { xmlns: 'urn:xmpp:sm:3' };
const OWNED = { owner: 'u@example.net' };

const traffic = (random: Random, model: Model): Draft => {
  const { core } = model;
  const written = core.written;
  return random.pick<() => Draft>([
    () => ({ type: 'app.send', ...(random.chance(0.3) ? { fields: { mayWait: true } } : {}) }),
    () => ({ type: 'app.send' }),
    () => ({ type: 'app.send', fields: { padding: random.upTo(60) } }),
    () => ({ type: 'peer.stanza' }),
    () => ({ type: 'peer.stanza' }),
    () => ({ type: 'peer.r' }),
    () => ({ type: 'peer.a', by: random.upTo(written + 1) }),
    () => ({ type: 'peer.a', by: random.chance(0.3) ? 0 : written }),
    () => ({ type: 'peer.a', by: random.chance(0.9) ? written : random.upTo(core.queue.length + 2) }),
    () => ({ type: 'app.handled', by: -random.upTo(4) }),
    () => ({ type: 'app.handled', by: -random.upTo(4) }),
    () => ({ type: 'timer.ackIdle', due: true }),
    () => ({ type: random.chance(0.3) ? 'timer.ackWait' : 'timer.ackIdle', due: true }),
    () => ({ type: random.chance(0.5) ? 'timer.overflowGrace' : 'app.requestAck', due: true }),
    () => ({ type: random.chance(0.5) ? 'app.inactive' : 'app.active' }),
    () => ({ type: 'link.lost' }),
    () => ({ type: random.chance(0.3) ? 'peer.error' : 'link.lost', fields: { condition: 'reset' } }),
  ])();
};

const asleep = (random: Random): Draft =>
  random.pick<() => Draft>([
    () => ({ type: 'app.send' }),
    () => ({ type: 'app.send' }),
    () => ({ type: 'app.handled', by: -random.upTo(3) }),
    () => ({ type: 'restart' }),
    () => ({ type: random.chance(0.3) ? random.pick(['store.taken', 'store.outdated']) : 'app.send' }),
    () => ({ type: random.chance(0.3) ? 'timer.resumption' : 'app.send', due: true }),
  ])();

export const likelyClient = (random: Random, model: Model): Draft => {
  const { phase, core } = model;
  if (phase === 'unlinked') return random.chance(0.7) ? { type: 'link.opened' } : asleep(random);
  if (phase === 'unauthenticated') {
    if (random.chance(0.1)) return { type: 'app.authenticating' };
    const resuming = random.chance(0.3) ? { resuming: true } : {};
    return random.chance(0.85)
      ? { type: 'app.authenticated', fields: { ...OWNED, ...resuming } }
      : { type: 'app.verified', fields: OWNED };
  }
  if (phase === 'verified' && !model.asleep) return { type: 'app.enable' };
  if (phase === 'authenticated' || phase === 'verified') {
    if (model.asleep && random.chance(0.8)) return { type: 'app.resume' };
    return { type: 'app.bound', ...(random.chance(0.3) ? { fields: { enabling: true } } : {}) };
  }
  if (phase === 'bound') return random.chance(0.9) ? { type: 'app.enable' } : { type: 'app.decline' };
  if (phase === 'enabling') {
    if (random.chance(0.1)) return { type: 'peer.failed' };
    const max = random.chance(0.5) ? { max: 1 + random.upTo(400) } : {};
    return { type: 'peer.enabled', fields: { resume: random.chance(0.9), id: 'X', ...max } };
  }
  if (phase === 'resuming') {
    const by = random.upTo((random.chance(0.8) ? core.written : core.queue.length) + 1);
    return random.chance(0.8)
      ? { type: 'peer.resumed', fields: { previd: core.smId ?? 'X' }, by }
      : { type: 'peer.failed', fields: { condition: 'item-not-found' }, by };
  }
  return phase === 'enabled' ? traffic(random, model) : { type: 'app.send' };
};

export const likelyServer = (random: Random, model: Model): Draft => {
  const { phase } = model;
  if (model.asleep) return asleep(random);
  if (phase === 'unauthenticated') {
    return { type: random.chance(0.9) ? 'app.authenticated' : 'app.verified', fields: OWNED };
  }
  if (phase === 'authenticated' || phase === 'verified') {
    if (random.chance(0.5)) return { type: 'peer.resume', fields: { ...SM3, previd: 'X' }, by: random.upTo(3) };
    return phase === 'verified' ? enable(random) : { type: 'app.bound' };
  }
  if (phase === 'bound') return enable(random);
  if (phase === 'granting')
    return random.chance(0.6) ? { type: 'store.saved', fields: { smId: 'X' } } : waiting(random, model);
  if (phase === 'claiming' || phase === 'cancelling')
    return random.chance(0.7) ? answer(random, model) : waiting(random, model);
  return random.chance(0.02) ? { type: 'store.taken' } : traffic(random, model);
};

const waiting = (random: Random, model: Model): Draft => {
  if (random.chance(0.2)) return { type: 'timer.storeWait', due: true };
  return random.chance(0.2) ? { type: 'link.lost' } : traffic(random, model);
};

const enable = (random: Random): Draft => ({
  type: 'peer.enable',
  fields: { ...SM3, resume: random.chance(0.9), ...(random.chance(0.3) ? { max: 1 + random.upTo(600) } : {}) },
});

/** How the store finds a session. */
export const circumstances = (random: Random): Pick<Donor, 'last' | 'live' | 'restored'> => ({
  ...(random.chance(0.3) ? { last: true } : {}),
  ...(random.chance(0.4) ? { live: true } : {}),
  ...(random.chance(0.2) ? { restored: true } : {}),
});

const answer = (random: Random, { request, policy }: Model): Draft => {
  const asked = Math.max(0, request.h - policy.initialCount);
  if (random.chance(0.6)) {
    const acked = Math.min(asked, random.upTo(3));
    const received = random.upTo(4);
    // Now and then the h covers stanzas that no link carried.
    const sent = random.chance(0.1) ? acked : Math.max(asked > 9 ? 0 : asked, acked) + random.upTo(3);
    const donor = {
      ...OWNED,
      smId: 'X',
      sent,
      acked,
      received,
      handled: random.upTo(received + 1),
      later: random.upTo(3),
      ...circumstances(random),
    };
    return { type: 'store.claimed', donor };
  }
  const type = random.pick([
    'store.unknown',
    'store.expired',
    'store.stale',
    'store.tooHigh',
    'store.taken',
    'store.failed',
  ] as const);
  return { type, ...(/expired|stale|tooHigh/.test(type) ? { by: random.upTo(5) } : {}), fields: { reason: 'slow' } };
};
