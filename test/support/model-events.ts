/** The events worth trying in a state of the model: bounded, and with every h that a guard tells apart. */
import { admits } from '../../src/core/admission.js';
import { plus, span } from '../../src/core/uint32.js';
import {
  open,
  type PeerEvent,
  type Policy,
  type Role,
  type Session,
  SM_3,
  type SmEvent,
  step,
  TIMER_NAMES,
} from '../../src/index.js';
import { fromXml } from './peer-xml.js';
import { uptoEnabled } from './random-events.js';

const STANZA = '<iq/>';
/** More than twice the limit on its own. */
const LONG_STANZA = "<iq id='ten times as long as the others'/>";

export const eventsIn = (role: Role, session: Session, policy: Policy): readonly SmEvent[] =>
  [...everywhere(session), ...(role === 'client' ? forClient(session) : forServer(session, policy))].filter((event) =>
    admits(session, event),
  );

/** Late enough for this timer. */
export const dueTime = (session: Session, event: SmEvent): number => {
  const timer = TIMER_NAMES.find((name) => event.type === `timer.${name}`) ?? 'resumption';
  return session.timers[timer] ?? 0;
};

const everywhere = (session: Session): readonly SmEvent[] => {
  const { acked, written, link } = session;
  const on = { at: 0, epoch: link.epoch };
  const counts = [...new Set([acked, plus(acked, 1), plus(acked, written), plus(acked, -1), plus(acked, written + 1)])];
  return [
    { type: 'app.authenticating', at: 0 },
    { type: 'app.authenticated', at: 0, owner: 'user@example.net' },
    { type: 'app.authenticated', at: 0, owner: 'user@example.net', resuming: true },
    { type: 'app.verified', at: 0, owner: 'user@example.net' },
    { type: 'app.bound', at: 0 },
    { type: 'app.bound', at: 0, enabling: true },
    { type: 'app.enable', at: 0 },
    { type: 'app.decline', at: 0 },
    { type: 'app.resume', at: 0 },
    { type: 'app.writeUncounted', at: 0, xml: '<x/>' },
    { type: 'app.send', at: 0, stanza: { xml: STANZA, kind: 'iq', type: '' } },
    { type: 'app.send', at: 0, stanza: { xml: LONG_STANZA, kind: 'iq', type: '' } },
    { type: 'app.send', at: 0, stanza: { xml: STANZA, kind: 'iq', type: '' }, mayWait: true },
    { type: 'app.handled', at: 0, position: session.delivered - span(session.handled, session.received) + 1 },
    { type: 'app.requestAck', at: 0 },
    { type: 'app.inactive', at: 0 },
    { type: 'app.active', at: 0 },
    { type: 'app.keepFor', at: 0, seconds: 7200 },
    { type: 'app.close', at: 0 },
    { type: 'link.lost', ...on },
    ...TIMER_NAMES.flatMap((name): SmEvent[] => {
      const at = session.timers[name];
      return at === null ? [] : [{ type: `timer.${name}`, at }];
    }),
    { type: 'peer.enable', ...on, xmlns: SM_3, resume: true },
    { type: 'peer.enable', ...on, xmlns: SM_3, resume: false },
    { type: 'peer.enabled', ...on, resume: true, id: 'id-1', max: 60 },
    { type: 'peer.enabled', ...on, resume: false },
    { type: 'peer.resume', ...on, xmlns: SM_3, previd: 'id-1', h: acked },
    ...counts.map((h): PeerEvent => ({ type: 'peer.resumed', ...on, previd: 'id-1', h })),
    { type: 'peer.resumed', ...on, previd: 'another', h: acked },
    { type: 'peer.failed', ...on, condition: 'item-not-found' },
    { type: 'peer.failed', ...on, condition: 'item-not-found', h: plus(acked, written) },
    { type: 'peer.r', ...on },
    ...counts.map((h): PeerEvent => ({ type: 'peer.a', ...on, h })),
    { type: 'peer.a', ...on },
    { type: 'peer.resumed', ...on, previd: 'id-1' },
    { type: 'peer.stanza', ...on },
    ...fromXml(`<enable xmlns='${SM_3}' resume='perhaps'/>`, 0, link.epoch),
    ...fromXml('<!-- no comment -->', 0, link.epoch),
    { type: 'peer.error', ...on, condition: 'system-shutdown' },
    { type: 'peer.error', ...on, condition: 'conflict' },
    { type: 'peer.closed', ...on },
    { type: 'store.failed', at: 0, reason: 'the disk is full' },
  ];
};

const forClient = (session: Session): readonly SmEvent[] => {
  const { resumption } = session.timers;
  const { epoch } = session.link;
  const late: readonly SmEvent[] =
    resumption === null
      ? []
      : [
          { type: 'link.lost', at: resumption, epoch },
          { type: 'peer.closed', at: resumption, epoch },
          { type: 'peer.error', at: resumption, epoch, condition: 'conflict' },
          ...fromXml('<!-- no comment -->', resumption, epoch),
          { type: 'app.authenticated', at: 0, owner: 'another@example.net' },
          { type: 'app.verified', at: 0, owner: 'another@example.net' },
        ];
  return [{ type: 'link.opened', at: 0, epoch: epoch + 1 }, ...late];
};

const forServer = (session: Session, policy: Policy): readonly SmEvent[] => {
  const { acked } = session;
  return [
    { type: 'store.saved', at: 0, smId: 'id-1' },
    { type: 'store.claimed', at: 0, session: hibernated(policy) },
    { type: 'store.unknown', at: 0 },
    { type: 'store.expired', at: 0, h: plus(acked, 1) },
    { type: 'store.stale', at: 0, h: acked },
    { type: 'store.tooHigh', at: 0, sendCount: acked },
    { type: 'store.taken', at: 0 },
    { type: 'store.evicted', at: 0 },
  ];
};

/** A session that lost its link with one stanza unacknowledged. */
const hibernated = (policy: Policy): Session =>
  [
    ...uptoEnabled.server,
    { type: 'app.send', at: 0, stanza: { xml: STANZA, kind: 'iq', type: '' } } as const,
    { type: 'link.lost', at: 0, epoch: 1 } as const,
  ].reduce((state, event) => step(state, event)[0], open('server', { ...policy, resume: true })).session;
