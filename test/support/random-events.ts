/** Random events for a session: any event in any state, with payloads near the counters. */

import { plus } from '../../src/core/uint32.js';
import { plansOf } from '../../src/engine/compile.js';
import { tables } from '../../src/engine/tables.js';
import { type Role, type SmEvent, type State, type Uint32, uint32 } from '../../src/index.js';
import type { Random } from '../../src/testing/random.js';

export type EventMaker = (state: State, random: Random, at: number) => SmEvent;

/** Counters near those of the session, and a few that no honest peer would send. */
const nearbyCount = (state: State, random: Random, base: Uint32): Uint32 =>
  random.chance(0.9)
    ? plus(base, random.integer(-2, state.session.unacked.length + 2))
    : uint32(random.pick([0, 1, 0xffffffff, 0x80000000, random.integer(0, 0xffffffff)]));

const epochOf = (state: State, random: Random): number =>
  random.chance(0.95) ? state.session.link.epoch : random.integer(0, 5);

const smIds = ['id-1', 'id-2', ''];

export const makers: Readonly<Record<SmEvent['type'], EventMaker>> = {
  'app.authenticating': (_s, _r, at) => ({ type: 'app.authenticating', at }),
  'app.authenticated': (_s, random, at) => ({
    type: 'app.authenticated',
    at,
    owner: 'user@example.net',
    ...(random.chance(0.5) ? { resuming: random.chance(0.5) } : {}),
  }),
  'app.verified': (_s, _r, at) => ({ type: 'app.verified', at, owner: 'user@example.net' }),
  'app.bound': (_s, random, at) => ({
    type: 'app.bound',
    at,
    ...(random.chance(0.5) ? { enabling: random.chance(0.5) } : {}),
  }),
  'app.enable': (_s, _r, at) => ({ type: 'app.enable', at }),
  'app.decline': (_s, _r, at) => ({ type: 'app.decline', at }),
  'app.resume': (_s, _r, at) => ({ type: 'app.resume', at }),
  'app.writeUncounted': (_s, _r, at) => ({ type: 'app.writeUncounted', at, xml: '<x/>' }),
  'app.send': (_s, random, at) => ({
    type: 'app.send',
    at,
    stanza: {
      xml: `<message id='${random.integer(0, 99)}'/>`,
      kind: random.pick(['message', 'presence', 'iq'] as const),
      type: random.pick(['', 'chat', 'error']),
      key: `k${random.integer(0, 9)}`,
    },
    mayWait: random.chance(0.7),
  }),
  'app.handled': (state, random, at) => ({
    type: 'app.handled',
    at,
    position: state.session.delivered + random.integer(-4, 1),
  }),
  'app.requestAck': (_s, _r, at) => ({ type: 'app.requestAck', at }),
  'app.inactive': (_s, _r, at) => ({ type: 'app.inactive', at }),
  'app.active': (_s, _r, at) => ({ type: 'app.active', at }),
  'app.keepFor': (_s, random, at) => ({ type: 'app.keepFor', at, seconds: random.integer(0, 3600) }),
  'app.close': (_s, _r, at) => ({ type: 'app.close', at }),
  'link.opened': (state, random, at) => ({
    type: 'link.opened',
    at,
    epoch: state.session.link.epoch + random.integer(0, 3),
  }),
  'link.lost': (state, random, at) => ({ type: 'link.lost', at, epoch: epochOf(state, random) }),
  'peer.enable': (state, random, at) => ({
    type: 'peer.enable',
    at,
    epoch: epochOf(state, random),
    xmlns: random.pick(['urn:xmpp:sm:3', 'urn:xmpp:sm:2'] as const),
    resume: random.chance(0.8),
    ...(random.chance(0.5) ? { max: random.integer(1, 1000) } : {}),
  }),
  'peer.enabled': (state, random, at) => ({
    type: 'peer.enabled',
    at,
    epoch: epochOf(state, random),
    resume: random.chance(0.8),
    ...(random.chance(0.9) ? { id: random.pick(smIds) } : {}),
    ...(random.chance(0.5) ? { max: random.integer(1, 1000) } : {}),
  }),
  'peer.resume': (state, random, at) => ({
    type: 'peer.resume',
    at,
    epoch: epochOf(state, random),
    xmlns: 'urn:xmpp:sm:3',
    previd: random.pick(smIds),
    h: nearbyCount(state, random, state.session.acked),
  }),
  'peer.resumed': (state, random, at) => ({
    type: 'peer.resumed',
    at,
    epoch: epochOf(state, random),
    previd: random.chance(0.9) ? (state.session.smId ?? '') : random.pick(smIds),
    h: nearbyCount(state, random, state.session.acked),
  }),
  'peer.failed': (state, random, at) => ({
    type: 'peer.failed',
    at,
    epoch: epochOf(state, random),
    condition: 'item-not-found',
    ...(random.chance(0.5) ? { h: nearbyCount(state, random, state.session.acked) } : {}),
  }),
  'peer.r': (state, random, at) => ({ type: 'peer.r', at, epoch: epochOf(state, random) }),
  'peer.a': (state, random, at) => ({
    type: 'peer.a',
    at,
    epoch: epochOf(state, random),
    h: nearbyCount(state, random, state.session.acked),
  }),
  'peer.stanza': (state, random, at) => ({ type: 'peer.stanza', at, epoch: epochOf(state, random) }),
  'peer.malformed': (state, random, at) => ({
    type: 'peer.malformed',
    at,
    epoch: epochOf(state, random),
    xmlns: random.pick(['urn:xmpp:sm:3', 'urn:xmpp:sm:2'] as const),
    refusal: { kind: 'refusal', condition: 'bad-request' },
  }),
  'peer.violation': (state, random, at) => ({
    type: 'peer.violation',
    at,
    epoch: epochOf(state, random),
    violation: { kind: 'peerViolation', condition: 'not-well-formed', text: 'broken' },
  }),
  'peer.error': (state, random, at) => ({
    type: 'peer.error',
    at,
    epoch: epochOf(state, random),
    condition: random.pick(['system-shutdown', 'conflict']),
  }),
  'peer.closed': (state, random, at) => ({ type: 'peer.closed', at, epoch: epochOf(state, random) }),
  'timer.ackIdle': (_s, _r, at) => ({ type: 'timer.ackIdle', at }),
  'timer.ackWait': (_s, _r, at) => ({ type: 'timer.ackWait', at }),
  'timer.overflowGrace': (_s, _r, at) => ({ type: 'timer.overflowGrace', at }),
  'timer.resumption': (_s, _r, at) => ({ type: 'timer.resumption', at }),
  'timer.storeWait': (_s, _r, at) => ({ type: 'timer.storeWait', at }),
  'store.saved': (_s, random, at) => ({ type: 'store.saved', at, smId: random.pick(['id-1', 'id-2']) }),
  'store.claimed': (state, _r, at) => ({
    type: 'store.claimed',
    at,
    session: { ...state.session, smId: 'id-1', max: 300, acked: state.session.link.request.h ?? state.session.acked },
  }),
  'store.unknown': (_s, _r, at) => ({ type: 'store.unknown', at }),
  'store.expired': (_s, random, at) => ({ type: 'store.expired', at, h: uint32(random.integer(0, 9)) }),
  'store.stale': (_s, random, at) => ({ type: 'store.stale', at, h: uint32(random.integer(0, 9)) }),
  'store.tooHigh': (_s, random, at) => ({ type: 'store.tooHigh', at, sendCount: uint32(random.integer(0, 9)) }),
  'store.taken': (_s, _r, at) => ({ type: 'store.taken', at }),
  'store.outdated': (_s, _r, at) => ({ type: 'store.outdated', at }),
  'store.failed': (_s, _r, at) => ({ type: 'store.failed', at, reason: 'disk full' }),
  'store.evicted': (_s, _r, at) => ({ type: 'store.evicted', at }),
};

export const eventTypes = Object.keys(makers) as SmEvent['type'][];

/** The events that lead to a resumable session. */
export const uptoEnabled: Record<Role, readonly SmEvent[]> = {
  client: [
    { type: 'link.opened', at: 0, epoch: 1 },
    { type: 'app.authenticated', at: 0, owner: 'user@example.net' },
    { type: 'app.bound', at: 0 },
    { type: 'app.enable', at: 0 },
    { type: 'peer.enabled', at: 0, epoch: 1, resume: true, id: 'id-1', max: 300 },
  ],
  server: [
    { type: 'app.authenticated', at: 0, owner: 'user@example.net' },
    { type: 'app.bound', at: 0 },
    { type: 'peer.enable', at: 0, epoch: 1, xmlns: 'urn:xmpp:sm:3', resume: true, max: 300 },
    { type: 'store.saved', at: 0, smId: 'id-1' },
  ],
};

/** Mostly what leads on to another state that is not the end, sometimes anything at all. */
export const randomEvent = (state: State, random: Random, at: number): SmEvent => {
  const busy = state.configuration.startsWith('enabled') && random.chance(0.6);
  const types = busy ? traffic : random.chance(0.6) ? leadingOn(state) : eventTypes;
  return makers[random.pick(types.length > 0 ? types : eventTypes)](state, random, at);
};

const traffic: readonly SmEvent['type'][] = [
  ...(['app.send', 'app.send', 'app.send', 'app.send', 'peer.a', 'peer.a'] as const),
  ...(['timer.ackIdle', 'timer.ackWait', 'app.inactive', 'app.inactive', 'app.active'] as const),
];

const known = new Map<string, readonly SmEvent['type'][]>();

const leadingOn = (state: State): readonly SmEvent['type'][] => {
  const key = `${state.role} ${state.configuration}`;
  const found =
    known.get(key) ??
    eventTypes.filter((type) =>
      plansOf(tables[state.role], state.configuration, type).some(
        (plan) => plan.to !== state.configuration && !plan.to.startsWith('ended'),
      ),
    );
  known.set(key, found);
  return found;
};
