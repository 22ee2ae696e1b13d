/** Moves that peers, stores and embedders make against the rules, or at the wrong moment. */
import type { Model } from '../model/model.js';
import type { Random } from '../random.js';
import { circumstances, type Draft } from './likely.js';

const BARE = [
  'app.authenticating',
  'app.enable',
  'app.decline',
  'app.resume',
  'app.requestAck',
  'app.inactive',
  'app.active',
  'app.send',
  'peer.r',
  'peer.stanza',
  'link.lost',
  'link.opened',
  'store.unknown',
  'store.taken',
  'store.outdated',
  'store.evicted',
  'restart',
] as const;

const CONDITIONS = ['item-not-found', 'unexpected-request', 'internal-server-error'];

const number = (random: Random) => random.pick([-3, -2, -1, 0, 1, 2, 3, 5, 2 ** 31, 2 ** 32 - 1, random.upTo(2 ** 32)]);
const owner = (random: Random) => ({ owner: random.chance(0.8) ? 'u@example.net' : 'v@example.net' });
const smId = (random: Random) => (random.chance(0.7) ? 'X' : 'Y');
const xmlns = (random: Random) => ({ xmlns: random.chance(0.8) ? 'urn:xmpp:sm:3' : 'urn:xmpp:sm:2' });
const max = (random: Random) => random.pick([{}, { max: 50 }, { max: 1e5 }, { max: Number.MAX_VALUE }]);

const DRAFTS: readonly ((random: Random) => Draft)[] = [
  (random) => ({ type: random.pick(BARE) }),
  (random) => ({ type: random.pick(BARE) }),
  (random) => ({
    type: 'app.authenticated',
    fields: { ...owner(random), ...(random.chance(0.3) ? { resuming: true } : {}) },
  }),
  (random) => ({ type: 'app.verified', fields: owner(random) }),
  (random) => ({ type: 'app.keepFor', fields: { seconds: random.pick([-1, 0, 1, 60, 1e5, 2 ** 32, Number.NaN]) } }),
  (random) => ({ type: 'app.bound', ...(random.chance(0.5) ? { fields: { enabling: true } } : {}) }),
  () => ({ type: 'app.writeUncounted', fields: { xml: '<u/>' } }),
  (random) => ({ type: 'app.handled', by: number(random) }),
  (random) => ({ type: 'app.close', ...(random.chance(0.3) ? { fields: { error: 'system-shutdown' } } : {}) }),
  (random) => ({ type: 'peer.enable', fields: { ...xmlns(random), resume: random.chance(0.7), ...max(random) } }),
  (random) => ({
    type: 'peer.enabled',
    fields: { resume: random.chance(0.8), ...(random.chance(0.8) ? { id: smId(random) } : {}), ...max(random) },
  }),
  (random) => ({ type: 'peer.resume', fields: { ...xmlns(random), previd: smId(random) }, by: number(random) }),
  (random) => ({
    type: 'peer.resumed',
    fields: { previd: smId(random) },
    ...(random.chance(0.9) ? { by: number(random) } : {}),
  }),
  (random) => ({
    type: 'peer.failed',
    fields: { condition: random.pick(CONDITIONS) },
    ...(random.chance(0.8) ? { by: number(random) } : {}),
  }),
  (random) => ({ type: 'peer.a', ...(random.chance(0.9) ? { by: number(random) } : {}) }),
  (random) => ({
    type: random.chance(0.5) ? 'peer.closed' : 'peer.error',
    fields: {
      condition: random.pick(['reset', 'system-shutdown', 'connection-timeout', 'conflict', 'undefined-condition']),
    },
  }),
  (random) => ({
    type: 'peer.malformed',
    fields: { ...xmlns(random), refusal: { kind: 'refusal', condition: 'bad-request' } },
  }),
  () => ({
    type: 'peer.violation',
    fields: { violation: { kind: 'peerViolation', condition: 'invalid-xml', text: '' } },
  }),
  (random) => ({
    type: random.pick(['timer.ackIdle', 'timer.ackWait', 'timer.overflowGrace', 'timer.resumption', 'timer.storeWait']),
    due: random.chance(0.7),
  }),
  (random) => ({ type: 'store.saved', fields: { smId: random.pick(['X', 'Z']) } }),
  (random) => ({ type: random.pick(['store.expired', 'store.stale', 'store.tooHigh']), by: number(random) }),
  () => ({ type: 'store.failed', fields: { reason: 'late' } }),
  (random) =>
    random.pick<Draft>([
      { type: 'app.send', without: 'stanza' },
      { type: 'app.authenticated', without: 'owner' },
      { type: 'app.verified', without: 'owner' },
      { type: 'store.saved', without: 'smId' },
      { type: 'store.expired', without: 'h' },
      { type: 'store.stale', without: 'h' },
      { type: 'store.tooHigh', without: 'sendCount' },
    ]),
  (random) => ({ type: 'store.claimed', donor: foreign(random) }),
];

const foreign = (random: Random) => {
  const sent = random.upTo(4);
  const received = random.upTo(3);
  return {
    ...owner(random),
    smId: smId(random),
    sent,
    acked: random.upTo(sent + 1),
    received,
    handled: random.upTo(received + 1),
    later: random.upTo(3),
    ...circumstances(random),
  };
};

export const wild = (random: Random, _model: Model): Draft => {
  const draft = random.pick(DRAFTS)(random);
  if (random.chance(0.02)) return { ...draft, at: random.pick(['NaN', 'absent', 'Infinity']) };
  if (random.chance(0.15)) return { ...draft, epoch: random.pick(['old', 'zero', 'next', 'half', 'absent']) };
  return draft;
};
