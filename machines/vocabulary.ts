/**
 * The words of the charts: every action and guard that a chart may name, with its function in `src/core`.
 *
 * Charts hold these words and no code. Two programs run the charts with this table: xstate (`xstate.ts`), and `src/engine`.
 *
 * The first part of an action's name says what it does: `write` writes an element of stream management, `transmit` writes other XML, `fail`
 * writes a stream error and closes the link, `refuse` answers `<failed/>`, `return` gives stanzas back to the embedder, `report` tells the
 * embedder, `take` puts a value of the event into the session, `arm` starts a timer and `clear` stops it, `ask` asks the store, `answer`
 * answers a claim, `carry` puts an element into the authentication request.
 */
import * as acking from '../src/core/acking.js';
import * as capacity from '../src/core/capacity.js';
import * as enablement from '../src/core/enablement.js';
import * as ending from '../src/core/ending.js';
import type { EventType } from '../src/core/events.js';
import * as hibernation from '../src/core/hibernation.js';
import * as inbound from '../src/core/inbound.js';
import * as link from '../src/core/link.js';
import type { Action, Guard } from '../src/core/outcome.js';
import type { Policy } from '../src/core/policy.js';
import * as resumption from '../src/core/resumption.js';
import type { Session } from '../src/core/session.js';
import * as timers from '../src/core/timers.js';

/** In the order of the chapters. */
const actions = {
  // 1 enablement, the initiating entity
  writeEnable: enablement.writeEnable,
  carryEnable: enablement.carryEnable,
  takeGrant: enablement.takeGrant,
  reportRefused: enablement.reportRefused,
  // 1 enablement, the receiving entity
  takeVersion: link.takeVersion,
  askToSave: enablement.askToSave,
  writeEnabledWithId: enablement.writeEnabledWithId,
  writeEnabledWithoutId: enablement.writeEnabledWithoutId,
  forgetSaved: enablement.forgetSaved,
  forgetRequest: enablement.forgetRequest,
  refuseInternalError: enablement.refuseInternalError,
  refuseMalformed: enablement.refuseMalformed,
  refuseNotFound: enablement.refuseNotFound,
  refuseNotImplemented: enablement.refuseNotImplemented,
  refuseUnexpected: enablement.refuseUnexpected,
  refuseWithCount: enablement.refuseWithCount,
  // 2 acking
  beginOutbound: acking.beginOutbound,
  track: acking.track,
  hold: acking.hold,
  release: acking.release,
  replay: acking.replay,
  writeAckRequest: acking.writeAckRequest,
  trimAcked: acking.trimAcked,
  reportAckDelayed: acking.reportAckDelayed,
  reportStale: acking.reportStale,
  // 3 inbound
  beginInbound: inbound.beginInbound,
  endInbound: inbound.endInbound,
  receive: inbound.receive,
  receiveAndHandle: inbound.receiveAndHandle,
  receiveSilently: inbound.receiveSilently,
  skipDuplicate: inbound.skipDuplicate,
  deliverUncounted: inbound.deliverUncounted,
  handle: inbound.handle,
  writeAck: inbound.writeAck,
  // 4 capacity
  reportPressure: capacity.reportPressure,
  // 5 hibernation
  takeKeepTime: hibernation.takeKeepTime,
  hibernateInStore: hibernation.hibernateInStore,
  reportHibernationStart: hibernation.reportHibernationStart,
  reportHibernationEnd: hibernation.reportHibernationEnd,
  acknowledgeWritten: hibernation.acknowledgeWritten,
  supersede: hibernation.supersede,
  reportHibernationResumed: hibernation.reportHibernationResumed,
  reportQueued: hibernation.reportQueued,
  // 6 resumption, the initiating entity
  writeResume: resumption.writeResume,
  carryResume: resumption.carryResume,
  takeResumed: resumption.takeResumed,
  trimByFailed: resumption.trimByFailed,
  reportResumptionFailed: resumption.reportResumptionFailed,
  reportOverdue: resumption.reportOverdue,
  forgetSession: resumption.forgetSession,
  // 6 resumption, the receiving entity
  askToClaim: resumption.askToClaim,
  adopt: resumption.adopt,
  takeClaimed: resumption.takeClaimed,
  writeResumed: resumption.writeResumed,
  returnStrangeClaim: resumption.returnStrangeClaim,
  reportStoreTimeout: resumption.reportStoreTimeout,
  failTooHighClaim: resumption.failTooHighClaim,
  // 7 ending
  failBadResumed: ending.failBadResumed,
  failConflict: ending.failConflict,
  failMissingCount: ending.failMissingCount,
  failOverflow: ending.failOverflow,
  failSecondEnable: ending.failSecondEnable,
  failTooHigh: ending.failTooHigh,
  failViolation: ending.failViolation,
  returnAfterFailedResumption: ending.returnAfterFailedResumption,
  returnAfterViolation: ending.returnAfterViolation,
  returnClosed: ending.returnClosed,
  returnEvicted: ending.returnEvicted,
  returnExpired: ending.returnExpired,
  returnLost: ending.returnLost,
  returnOverflow: ending.returnOverflow,
  returnStanzaAfterEnd: ending.returnStanzaAfterEnd,
  returnStanzaWithoutRoom: ending.returnStanzaWithoutRoom,
  returnStanzaUncounted: ending.returnStanzaUncounted,
  returnHeldUncounted: ending.returnHeldUncounted,
  returnUnmanaged: ending.returnUnmanaged,
  expireInStore: ending.expireInStore,
  forgetInStore: ending.forgetInStore,
  reportEnded: ending.reportEnded,
  reportEvicted: ending.reportEvicted,
  reportExpired: ending.reportExpired,
  reportMisuse: ending.reportMisuse,
  reportUnexpected: ending.reportUnexpected,
  ignore: ending.ignore,
  // the link
  takeLink: link.takeLink,
  takeOwner: link.takeOwner,
  dropLink: link.dropLink,
  dropLinkUnanswered: link.dropLinkUnanswered,
  closeStream: link.closeStream,
  destroyLink: link.destroyLink,
  markActive: link.markActive,
  markInactive: link.markInactive,
  transmitUncounted: link.transmitUncounted,
  transmitUnmanaged: link.transmitUnmanaged,
  // timers
  armAckDelay: timers.armAckDelay,
  armAckIdle: timers.armAckIdle,
  armDead: timers.armDead,
  armDeadAfterDelay: timers.armDeadAfterDelay,
  armOverflowGrace: timers.armOverflowGrace,
  armResumption: timers.armResumption,
  armStoreWait: timers.armStoreWait,
  clearAckIdle: timers.clearAckIdle,
  clearAckWait: timers.clearAckWait,
  clearOverflowGrace: timers.clearOverflowGrace,
  clearResumption: timers.clearResumption,
  clearStoreWait: timers.clearStoreWait,
} as const satisfies Record<string, Action>;

const guards = {
  // 1 enablement
  answersEnable: enablement.answersEnable,
  wantsResumption: enablement.wantsResumption,
  closesOnSecondEnable: enablement.closesOnSecondEnable,
  // 2 acking
  requestIsDue: acking.requestIsDue,
  requestIsDueAgain: acking.requestIsDueAgain,
  requestIsOverdue: acking.requestIsOverdue,
  mayWait: acking.mayWait,
  holdsStanzas: acking.holdsStanzas,
  hasUnacked: acking.hasUnacked,
  acksEverything: acking.acksEverything,
  isLegal: acking.isLegal,
  isStale: acking.isStale,
  lacksCount: acking.lacksCount,
  // 3 inbound
  isHandledAtOnce: inbound.isHandledAtOnce,
  hasCounted: inbound.hasCounted,
  isDuplicate: inbound.isDuplicate,
  wasHandled: inbound.wasHandled,
  // 4 capacity
  hasRoom: capacity.hasRoom,
  noRoomWithoutLink: capacity.noRoomWithoutLink,
  reachesLimit: capacity.reachesLimit,
  reachesPressure: capacity.reachesPressure,
  drainsBelowLimit: capacity.drainsBelowLimit,
  drainsBelowPressure: capacity.drainsBelowPressure,
  crossesPressure: capacity.crossesPressure,
  isAtLimit: capacity.isAtLimit,
  // 5 hibernation
  isResumable: hibernation.isResumable,
  // 6 resumption
  isAnotherOwner: resumption.isAnotherOwner,
  answersResume: resumption.answersResume,
  resumesOurs: resumption.resumesOurs,
  resumedTooHigh: resumption.resumedTooHigh,
  errorRefusesResumption: resumption.errorRefusesResumption,
  resumedBeyondRecord: resumption.resumedBeyondRecord,
  resumesOursAtLimit: resumption.resumesOursAtLimit,
  isOurClaim: resumption.isOurClaim,
  isOurClaimAtLimit: resumption.isOurClaimAtLimit,
  isResumableError: resumption.isResumableError,
  resumptionIsOff: resumption.resumptionIsOff,
} as const satisfies Record<string, Guard>;

export type { Action, Guard, Outcome } from '../src/core/outcome.js';

export type ActionName = keyof typeof actions;
export type GuardName = keyof typeof guards;

/** The functions behind the words: the whole vocabulary, or the part that a chart uses. */
export interface Words {
  readonly actions: { readonly [name in ActionName]?: Action };
  readonly guards: { readonly [name in GuardName]?: Guard };
  /** Pairs of guards: when `stronger` holds, `weaker` holds too. */
  readonly implied: readonly (readonly [stronger: Guard, weaker: Guard])[];
}

export const words = { actions, guards, implied: capacity.implied } as const satisfies Words;

export interface Context {
  readonly session: Session;
  readonly policy: Policy;
}

/** The clauses of XEP-0198, or of mod_smacks, that a state or a transition implements. */
export interface Meta {
  readonly clauses: readonly string[];
}

/**
 * What code outside the charts may ask about the active states. Such code asks for tags, never for names of states.
 * - `unauthenticated` there is a connection, and authentication has not completed
 * - `canEnable` we may send `<enable/>` on this stream
 * - `enabling` `<enable/>` waits for its answer
 * - `enabled` both directions are counted
 * - `unmanaged` the stream goes on without stream management
 * - `uncounted` a stanza that we send now is not counted
 * - `hibernating` the link is lost, and the session can be resumed
 * - `canResume` we may send `<resume/>` on this stream
 * - `resuming` `<resume/>` waits for its answer
 * - `asksStore` the session waits for the store's answer, and further input of the peer waits too
 * - `cancelling` the stream ended before the store answered
 * - `over` the session is over
 * - `superseded` another link resumed the session
 */
export type Tag =
  | 'asksStore'
  | 'canEnable'
  | 'canResume'
  | 'cancelling'
  | 'enabled'
  | 'enabling'
  | 'hibernating'
  | 'over'
  | 'resuming'
  | 'superseded'
  | 'unauthenticated'
  | 'uncounted'
  | 'unmanaged';

export interface Transition {
  /** A state; or a state in each of several regions. */
  target?: string | string[];
  guard?: GuardName;
  actions?: ActionName[];
  meta?: Meta;
}

/** The transitions of a state, by event. The first one whose guard holds is taken. `*` is every event that the state does not name. */
export type Handlers = Partial<Record<EventType | '*', Transition | Transition[]>>;

/** A state without inner states. */
export interface LeafState {
  id?: string;
  description: string;
  meta: Meta;
  tags?: Tag[];
  entry?: ActionName[];
  exit?: ActionName[];
  on?: Handlers;
}

/** A state of a chart. Charts are declared with `satisfies`, so that the types know the names of the states: xstate's `matches` needs them. */
export interface ChartState extends LeafState {
  initial?: string;
  type?: 'parallel';
  states?: Record<string, ChartState>;
}

/** The chart of one role. */
export interface Chart extends ChartState {
  id: 'client' | 'server';
  initial: string;
  states: Record<string, ChartState>;
}
