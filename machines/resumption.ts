/**
 * Chapter 6: how a session comes back on a new link (XEP-0198 section 5).
 *
 * The initiating entity sends `<resume/>` instead of binding a resource. The h of `<resumed/>` says which stanzas the peer has handled.
 * The initiating entity sends the others again, in order, before any new stanza, and then `<r/>`. The receiving entity claims the session
 * from the store, for the owner of the new link only. It writes `<resumed/>`, then the stanzas that the h of `<resume/>` does not cover,
 * then `<r/>`. When the link breaks during a resumption, the session can still be resumed.
 */
import { waiting } from './enablement.js';
import type { ActionName, ChartState, Handlers, LeafState, Transition } from './vocabulary.js';

/** The server did not resume the session. The client may bind a resource on the same stream. */
const failResumption = (refusedTo: string): Transition => ({
  target: refusedTo,
  actions: [
    'trimByFailed',
    'reportHibernationEnd',
    'reportResumptionFailed',
    'returnAfterFailedResumption',
    'forgetSession',
  ],
  meta: { clauses: ['R-10', 'R-15', 'A-13'] },
});

/** The stream ended, and the session still waits. */
const unlink: Transition = { target: '#client.hibernating.unlinked', actions: ['closeStream', 'dropLink'] };

/** The initiating entity waits for the answer to `<resume/>`. @param refusedTo the state after a refusal */
export const resuming = (refusedTo: string): LeafState => ({
  description:
    'The client sent <resume/>. New stanzas of the application are held until the stanzas before them are sent again.',
  meta: { clauses: ['R-3', 'R-17'] },
  tags: ['resuming'],
  entry: ['armDead'],
  exit: ['clearAckWait'],
  on: {
    'peer.resumed': [
      {
        guard: 'resumesOursAtLimit',
        target: ['#client.enabled.acking.awaitingAck', '#client.enabled.capacity.atLimit'],
        actions: ['reportHibernationResumed', 'takeResumed', 'replay', 'writeAckRequest', 'reportPressure'],
        meta: { clauses: ['R-5', 'R-6', 'R-13', 'M-10'] },
      },
      {
        guard: 'resumesOurs',
        target: '#client.enabled.acking.awaitingAck',
        actions: ['reportHibernationResumed', 'takeResumed', 'replay', 'writeAckRequest'],
        meta: { clauses: ['R-5', 'R-6', 'R-13'] },
      },
      {
        guard: 'resumedBeyondRecord',
        target: '#client.disabled.unlinked',
        actions: [
          'closeStream',
          'dropLink',
          'trimByFailed',
          'reportHibernationEnd',
          'reportResumptionFailed',
          'returnAfterFailedResumption',
          'forgetSession',
        ],
        meta: { clauses: ['R-5', 'A-13'] },
      },
      {
        guard: 'resumedTooHigh',
        target: '#client.ended.closed',
        actions: ['reportHibernationEnd', 'failTooHigh', 'returnAfterViolation'],
        meta: { clauses: ['R-5', 'A-8'] },
      },
      {
        target: '#client.ended.closed',
        actions: ['reportHibernationEnd', 'failBadResumed', 'returnAfterViolation'],
        meta: { clauses: ['R-5', 'A-9'] },
      },
    ],
    'peer.failed': failResumption(refusedTo),
    'peer.error': [
      {
        guard: 'errorRefusesResumption',
        target: '#client.disabled.unlinked',
        actions: [
          'closeStream',
          'dropLink',
          'reportHibernationEnd',
          'reportResumptionFailed',
          'returnAfterFailedResumption',
          'forgetSession',
        ],
        meta: { clauses: ['R-10', 'A-13'] },
      },
      unlink,
    ],
    'timer.ackWait': { actions: ['clearAckWait', 'destroyLink'], meta: { clauses: ['P-2'] } },
    'peer.stanza': { actions: ['deliverUncounted'], meta: { clauses: ['A-2'] } },
  },
});

/** The initiating entity between two links. */
export const clientHibernating = {
  description:
    'The link is lost. The stanzas of the application are held. The next login asks for the session, also when its time is over.',
  meta: { clauses: ['R-1', 'R-16', 'R-17'] },
  tags: ['hibernating'],
  initial: 'unlinked',
  entry: ['armResumption', 'reportHibernationStart'],
  exit: ['clearResumption'],
  on: {
    'app.send': [
      { guard: 'noRoomWithoutLink', actions: ['returnStanzaWithoutRoom'], meta: { clauses: ['S-2', 'M-10'] } },
      { guard: 'crossesPressure', actions: ['hold', 'reportPressure'], meta: { clauses: ['M-10'] } },
      { actions: ['hold'] },
    ],
    'app.handled': { actions: ['handle'], meta: { clauses: ['A-14'] } },
    'app.requestAck': { actions: ['ignore'] },
    'app.active': { actions: ['markActive'] },
    'app.inactive': { actions: ['markInactive'] },
    'app.close': { target: '#client.ended.expired', actions: ['closeStream', 'reportHibernationEnd', 'returnClosed'] },
    'timer.resumption': { actions: ['clearResumption', 'reportOverdue'], meta: { clauses: ['R-15', 'A-13'] } },
    'link.lost': { target: '.unlinked', actions: ['dropLink'], meta: { clauses: ['R-17'] } },
    'peer.closed': unlink,
    'peer.error': unlink,
    'peer.violation': { target: '.unlinked', actions: ['failViolation', 'dropLink'], meta: { clauses: ['S-3'] } },
  },
  states: {
    unlinked: {
      description: 'There is no connection.',
      meta: { clauses: ['R-16'] },
      on: {
        'link.opened': { target: 'unauthenticated', actions: ['takeLink'] },
        'app.close': { target: '#client.ended.expired', actions: ['reportHibernationEnd', 'returnClosed'] },
      },
    },
    unauthenticated: {
      description: 'There is a new connection. The authentication request may carry <resume/>.',
      meta: { clauses: ['R-12', 'I-5'] },
      tags: ['unauthenticated'],
      on: {
        'app.authenticating': { actions: ['carryResume', 'carryEnable'], meta: { clauses: ['I-5', 'R-1', 'R-3'] } },
        'app.authenticated': [
          {
            guard: 'isAnotherOwner',
            target: '#client.disabled.authenticated',
            actions: ['takeOwner', 'reportHibernationEnd', 'returnAfterFailedResumption', 'forgetSession'],
            meta: { clauses: ['R-12', 'A-13'] },
          },
          { guard: 'answersResume', target: 'resuming', actions: ['takeOwner'], meta: { clauses: ['I-5', 'R-3'] } },
          { target: 'authenticated', actions: ['takeOwner'] },
        ],
        'app.verified': [
          {
            guard: 'isAnotherOwner',
            target: '#client.disabled.verified',
            actions: ['takeOwner', 'reportHibernationEnd', 'returnAfterFailedResumption', 'forgetSession'],
            meta: { clauses: ['R-12', 'A-12'] },
          },
          { target: 'verified', actions: ['takeOwner'], meta: { clauses: ['M-9'] } },
        ],
        'app.writeUncounted': { actions: ['transmitUncounted'] },
        'peer.stanza': { actions: ['deliverUncounted'] },
      },
    },
    authenticated: {
      description: 'Authenticated. The client may send <resume/> instead of binding a resource.',
      meta: { clauses: ['R-3'] },
      tags: ['canResume'],
      on: {
        'app.resume': { target: 'resuming', actions: ['writeResume'], meta: { clauses: ['R-1', 'R-3'] } },
        'app.writeUncounted': { actions: ['transmitUncounted'] },
        'app.bound': [
          {
            guard: 'answersEnable',
            target: '#client.enabling',
            actions: ['reportHibernationEnd', 'returnAfterFailedResumption', 'forgetSession', 'beginOutbound'],
            meta: { clauses: ['A-1', 'A-13', 'I-5'] },
          },
          {
            target: '#client.disabled.bound',
            actions: ['reportHibernationEnd', 'returnAfterFailedResumption', 'forgetSession'],
            meta: { clauses: ['A-13'] },
          },
        ],
        'peer.stanza': { actions: ['deliverUncounted'] },
      },
    },
    resuming: resuming('#client.disabled.authenticated'),
  },
} satisfies ChartState;

/** The receiving entity waits for the store's answer to a claim. @param refusedTo the state after a refusal */
export const claiming = (refusedTo: string): LeafState => {
  const refusal = (refuse: ActionName, clauses: string[]): Transition => ({
    target: refusedTo,
    actions: [refuse, 'forgetRequest', 'returnHeldUncounted'],
    meta: { clauses: [...clauses, 'R-10', 'X-1'] },
  });
  return {
    description:
      'The peer sent <resume/>. The store is asked for the session. Stanzas and further input of the peer wait.',
    meta: { clauses: ['R-4', 'R-7', 'R-12'] },
    tags: ['asksStore', 'resuming'],
    entry: ['armStoreWait'],
    exit: ['clearStoreWait'],
    on: {
      ...waiting,
      'store.claimed': [
        {
          guard: 'isOurClaimAtLimit',
          target: ['#server.enabled.acking.awaitingAck', '#server.enabled.capacity.atLimit'],
          actions: ['adopt', 'writeResumed', 'replay', 'writeAckRequest', 'reportPressure'],
          meta: { clauses: ['R-4', 'R-5', 'R-6', 'M-10'] },
        },
        {
          guard: 'isOurClaim',
          target: '#server.enabled.acking.awaitingAck',
          actions: ['adopt', 'writeResumed', 'replay', 'writeAckRequest'],
          meta: { clauses: ['R-4', 'R-5', 'R-6'] },
        },
        {
          target: refusedTo,
          actions: ['returnStrangeClaim', 'refuseInternalError', 'forgetRequest', 'returnHeldUncounted'],
          meta: { clauses: ['R-12', 'X-1', 'A-12'] },
        },
      ],
      'store.unknown': refusal('refuseNotFound', ['R-7']),
      'store.expired': refusal('refuseWithCount', ['R-8', 'M-8']),
      'store.stale': refusal('refuseWithCount', ['R-5', 'A-9']),
      'store.failed': refusal('refuseInternalError', []),
      'store.tooHigh': {
        target: '#server.ended.closed',
        actions: ['failTooHighClaim', 'returnAfterViolation'],
        meta: { clauses: ['R-5', 'A-8'] },
      },
      'timer.storeWait': {
        target: refusedTo,
        actions: ['reportStoreTimeout', 'refuseInternalError', 'forgetRequest', 'returnHeldUncounted'],
        meta: { clauses: ['R-10', 'X-1'] },
      },
      'store.taken': {
        target: '#server.ended.superseded',
        actions: ['failConflict', 'returnLost'],
        meta: { clauses: ['R-11', 'A-12'] },
      },
    },
  };
};

/** What an ended stream makes of the store's answer. */
const afterStream = (claimed: Transition): Handlers => ({
  'store.saved': { target: '#server.ended.closed', actions: ['forgetSaved'] },
  'store.claimed': [claimed, { target: '#server.ended.closed', actions: ['returnStrangeClaim'] }],
  'store.unknown': { target: '#server.ended.closed' },
  'store.expired': { target: '#server.ended.closed' },
  'store.stale': { target: '#server.ended.closed' },
  'store.tooHigh': { target: '#server.ended.closed' },
  'store.failed': { target: '#server.ended.closed' },
  'timer.storeWait': { target: '#server.ended.closed', actions: ['reportStoreTimeout'] },
  'store.taken': { target: '#server.ended.superseded', meta: { clauses: ['R-11'] } },
  'app.send': { actions: ['returnStanzaAfterEnd'] },
  '*': { actions: ['ignore'] },
});

/** The stream of the receiving entity ended before the store answered. */
export const cancelling = {
  description:
    'The stream ended before the store answered. After the answer, a new session is forgotten, a claimed session hibernates.',
  meta: { clauses: ['R-17', 'S-2'] },
  tags: ['cancelling'],
  entry: ['armStoreWait'],
  exit: ['clearStoreWait'],
  on: {
    ...afterStream({
      guard: 'isOurClaim',
      target: '#server.hibernating',
      actions: ['takeClaimed', 'hibernateInStore'],
      meta: { clauses: ['R-17', 'C-2'] },
    }),
    'app.close': { target: '#server.closing' },
  },
} satisfies ChartState;

/** The embedder closed the session before the store answered. */
export const closing = {
  description: 'The embedder closed the session before the store answered. After the answer, the session is over.',
  meta: { clauses: ['A-12', 'S-2'] },
  tags: ['cancelling'],
  entry: ['armStoreWait'],
  exit: ['clearStoreWait'],
  on: afterStream({
    guard: 'isOurClaim',
    target: '#server.ended.closed',
    actions: ['takeClaimed', 'expireInStore', 'returnClosed'],
    meta: { clauses: ['A-12', 'R-8'] },
  }),
} satisfies ChartState;
