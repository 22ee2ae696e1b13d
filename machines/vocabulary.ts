/**
 * The words of the charts: every action and guard that a chart may name, bound to the reducer of that name.
 *
 * Charts hold these words and no code. From this table come both bindings: xstate's (`xstate.ts`), and the compiled one of
 * `src/engine`, which looks the same words up.
 */
import * as ackpolicy from '../src/core/ackpolicy.js';
import * as acks from '../src/core/acks.js';
import * as capacity from '../src/core/capacity.js';
import * as claiming from '../src/core/claiming.js';
import * as endings from '../src/core/endings.js';
import type { EventType } from '../src/core/events.js';
import * as granting from '../src/core/granting.js';
import * as inbound from '../src/core/inbound.js';
import * as outbound from '../src/core/outbound.js';
import type { Action, Guard } from '../src/core/outcome.js';
import type { Policy } from '../src/core/policy.js';
import * as requesting from '../src/core/requesting.js';
import type { Session } from '../src/core/session.js';
import * as timers from '../src/core/timers.js';

export const actions = {
  // inbound
  beginInbound: inbound.beginInbound,
  receive: inbound.receive,
  deliverUncounted: inbound.deliverUncounted,
  answer: inbound.answer,
  handle: inbound.handle,
  // outbound
  beginOutbound: outbound.beginOutbound,
  track: outbound.track,
  hold: outbound.hold,
  release: outbound.release,
  reportQueued: outbound.reportQueued,
  replay: outbound.replay,
  transmitUncounted: outbound.transmitUncounted,
  transmitUnmanaged: outbound.transmitUnmanaged,
  releaseUnmanaged: outbound.releaseUnmanaged,
  negotiate: outbound.negotiate,
  refuseFull: outbound.refuseStanza('queueFull'),
  refuseClosed: outbound.refuseStanza('closed'),
  returnClosed: outbound.returnUnacked('closed'),
  returnEvicted: outbound.returnUnacked('evicted'),
  returnExpired: outbound.returnUnacked('expired'),
  returnLost: outbound.returnUnacked('lost'),
  returnOverflow: outbound.returnUnacked('overflow'),
  returnAfterFailedResumption: outbound.returnUnacked('resumptionFailed'),
  returnUnmanaged: outbound.returnUnacked('unmanaged'),
  returnAfterViolation: outbound.returnUnacked('violation'),
  // acks
  trimAcked: acks.trimAcked,
  requestAck: acks.requestAck,
  reportRegressed: acks.reportRegressed,
  reportAckDelayed: acks.reportAckDelayed,
  reportPressure: capacity.reportPressure,
  // enablement, receiving entity
  takeOwner: granting.takeOwner,
  takeVersion: granting.takeVersion,
  askToSave: granting.askToSave,
  grantResumption: granting.grantResumption,
  grantAcks: granting.grantAcks,
  forgetSaved: granting.forgetSaved,
  refuseUnexpected: granting.refuseUnexpected,
  refuseNotImplemented: granting.refuseNotImplemented,
  refuseInternalError: granting.refuseInternalError,
  refuseConflict: granting.refuseConflict,
  refuseNotFound: granting.refuseNotFound,
  refuseWithCount: granting.refuseWithCount,
  refuseMalformed: granting.refuseMalformed,
  // resumption, receiving entity
  askToClaim: claiming.askToClaim,
  adopt: claiming.adopt,
  writeResumed: claiming.writeResumed,
  refuseTooHighClaim: claiming.refuseTooHighClaim,
  answerConflict: claiming.answerConflict,
  answerTooHigh: claiming.answerTooHigh,
  answerStale: claiming.answerStale,
  surrender: claiming.surrender,
  writeConflict: claiming.writeConflict,
  // enablement and resumption, initiating entity
  takeLink: requesting.takeLink,
  writeEnable: requesting.writeEnable,
  carryEnable: requesting.carryEnable,
  takeGrant: requesting.takeGrant,
  reportRefused: requesting.reportRefused,
  writeResume: requesting.writeResume,
  carryResume: requesting.carryResume,
  takeResumed: requesting.takeResumed,
  trimByFailed: requesting.trimByFailed,
  reportResumptionFailed: requesting.reportResumptionFailed,
  forgetSession: requesting.forgetSession,
  reportUnexpected: requesting.reportUnexpected,
  // links, endings, reports
  dropLink: endings.dropLink,
  closeStream: endings.closeStream,
  destroyLink: endings.destroyLink,
  writeViolation: endings.writeViolation,
  writeTooHigh: endings.writeTooHigh,
  writeMissingCount: endings.writeMissingCount,
  writeOverflow: endings.writeOverflow,
  writeSecondEnable: endings.writeSecondEnable,
  writeBadResumed: endings.writeBadResumed,
  hibernateInStore: endings.hibernateInStore,
  expireInStore: endings.expireInStore,
  forgetInStore: endings.forgetInStore,
  reportHibernationStart: endings.reportHibernationStart,
  reportHibernationEnd: endings.reportHibernationEnd,
  reportReturn: endings.reportReturn,
  reportExpired: endings.reportExpired,
  reportEvicted: endings.reportEvicted,
  reportEnded: endings.reportEnded,
  reportMisuse: endings.reportMisuse,
  markActive: endings.markActive,
  markInactive: endings.markInactive,
  ignore: endings.ignore,
  // timers
  armAckIdle: timers.armAckIdle,
  clearAckIdle: timers.clearAckIdle,
  armAckDelay: timers.armAckDelay,
  armDeadAfterDelay: timers.armDeadAfterDelay,
  armDead: timers.armDead,
  clearAckWait: timers.clearAckWait,
  armOverflowGrace: timers.armOverflowGrace,
  clearOverflowGrace: timers.clearOverflowGrace,
  armResumption: timers.armResumption,
  clearResumption: timers.clearResumption,
} as const satisfies Record<string, Action>;

export const guards = {
  // acks
  askIsDue: ackpolicy.askIsDue,
  askIsDueAgain: ackpolicy.askIsDueAgain,
  mayWait: ackpolicy.mayWait,
  holdsBack: ackpolicy.holdsBack,
  acksEverything: ackpolicy.acksEverything,
  isLegal: ackpolicy.isLegal,
  isRegressed: ackpolicy.isRegressed,
  lacksCount: ackpolicy.lacksCount,
  // queue
  noRoom: capacity.noRoom,
  noRoomWithoutLink: capacity.noRoomWithoutLink,
  reachesLimit: capacity.reachesLimit,
  reachesPressure: capacity.reachesPressure,
  drainsBelowLimit: capacity.drainsBelowLimit,
  isRelieved: capacity.isRelieved,
  hasUnacked: requesting.hasUnacked,
  // enablement and resumption
  wantsResumption: granting.wantsResumption,
  closesOnSecondEnable: granting.closesOnSecondEnable,
  isResumable: requesting.isResumable,
  isAnotherOwner: requesting.isAnotherOwner,
  answersResume: requesting.answersResume,
  answersEnable: requesting.answersEnable,
  resumptionIsOff: claiming.resumptionIsOff,
  wantedTooHigh: claiming.wantedTooHigh,
  wantedStale: claiming.wantedStale,
  resumesOurs: requesting.resumesOurs,
  resumedTooHigh: requesting.resumedTooHigh,
  mayReturn: endings.mayReturn,
  resumptionIsOver: endings.resumptionIsOver,
} as const satisfies Record<string, Guard>;

export type ActionName = keyof typeof actions;
export type GuardName = keyof typeof guards;

export interface Context {
  readonly session: Session;
  readonly policy: Policy;
}

/** The clauses of the specification, or of mod_smacks, that a state or a transition carries out. */
export interface Meta {
  readonly clauses: readonly string[];
}

export interface Transition {
  target?: string;
  guard?: GuardName;
  actions?: ActionName[];
  meta?: Meta;
}

/** A state of a chart: words only. */
export interface State {
  id?: string;
  description: string;
  meta: Meta;
  tags?: 'asksStore'[];
  initial?: string;
  type?: 'parallel';
  states?: Record<string, State>;
  entry?: ActionName[];
  exit?: ActionName[];
  on?: Partial<Record<EventType | '*', Transition | Transition[]>>;
}

/** One role, assembled. */
export interface Chart extends State {
  id: 'client' | 'server';
  initial: string;
  states: Record<string, State>;
}
