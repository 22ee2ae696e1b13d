/**
 * Chapter 6: how a session comes back on a new link (XEP-0198 section 5).
 *
 * The initiating entity sends `<resume/>` instead of binding a resource. The h of `<resumed/>` says which stanzas the peer has handled.
 * The initiating entity sends the others again, in order, before any new stanza, and then `<r/>`. The receiving entity claims the session
 * from the store, for the owner of the new link only. It writes `<resumed/>`, then the stanzas that the h of `<resume/>` does not cover,
 * then `<r/>`. When the link breaks during a resumption, the session can still be resumed.
 */
import type { ChartState, LeafState, Transition } from './vocabulary.js';

const giveUp: Transition = {
  target: '#client.ended.expired',
  actions: ['closeStream', 'reportHibernationEnd', 'returnClosed'],
};

/** The time to resume is over while there is a connection. The session closes the connection and ends. */
const expire: Transition = {
  target: '#client.ended.expired',
  actions: ['closeStream', 'reportHibernationEnd', 'reportExpired', 'returnExpired'],
  meta: { clauses: ['A-13'] },
};

/** The time to resume ran out while `<resume/>` waited for its answer, and now the stream fails. The session ends. */
const expireIfOver: Transition = { ...expire, guard: 'resumptionIsOver' };

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
        guard: 'resumesOurs',
        target: '#client.enabled.acking.awaitingAck',
        actions: ['reportHibernationResumed', 'takeResumed', 'replay', 'writeAckRequest'],
        meta: { clauses: ['R-5', 'R-6', 'R-13'] },
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
    'peer.failed': {
      target: refusedTo,
      actions: [
        'trimByFailed',
        'reportHibernationEnd',
        'reportResumptionFailed',
        'returnAfterFailedResumption',
        'forgetSession',
      ],
      meta: { clauses: ['R-10', 'R-15', 'A-13'] },
    },
    'timer.resumption': { actions: ['ignore'] },
    'timer.ackWait': { actions: ['destroyLink'], meta: { clauses: ['P-2'] } },
  },
});

/** The initiating entity between two links. */
export const clientHibernating = {
  description: 'The link is lost, and the session can be resumed. The stanzas of the application are held.',
  meta: { clauses: ['R-1', 'R-16', 'R-17'] },
  tags: ['hibernating'],
  initial: 'unlinked',
  entry: ['armResumption', 'reportHibernationStart'],
  exit: ['clearResumption'],
  on: {
    'app.send': [
      { guard: 'noRoomWithoutLink', actions: ['returnStanzaWithoutRoom'], meta: { clauses: ['S-2', 'M-10'] } },
      { actions: ['hold'] },
    ],
    'app.handled': { actions: ['handle'], meta: { clauses: ['A-14'] } },
    'app.requestAck': { actions: ['ignore'] },
    'app.active': { actions: ['markActive'] },
    'app.inactive': { actions: ['markInactive'] },
    'app.close': giveUp,
    'timer.resumption': expire,
    'link.lost': [
      {
        guard: 'resumptionIsOver',
        target: '#client.ended.expired',
        actions: ['dropLink', 'reportHibernationEnd', 'reportExpired', 'returnExpired'],
        meta: { clauses: ['A-13'] },
      },
      { target: '.unlinked', actions: ['dropLink'], meta: { clauses: ['R-17'] } },
    ],
    'peer.closed': [expireIfOver, { target: '.unlinked', actions: ['closeStream', 'dropLink'] }],
    'peer.error': [expireIfOver, { target: '.unlinked', actions: ['closeStream', 'dropLink'] }],
    'peer.violation': [
      {
        guard: 'resumptionIsOver',
        target: '#client.ended.expired',
        actions: ['failViolation', 'reportHibernationEnd', 'reportExpired', 'returnExpired'],
        meta: { clauses: ['S-3', 'A-13'] },
      },
      { target: '.unlinked', actions: ['failViolation', 'dropLink'], meta: { clauses: ['S-3'] } },
    ],
  },
  states: {
    unlinked: {
      description: 'There is no connection.',
      meta: { clauses: ['R-16'] },
      on: {
        'link.opened': { target: 'unauthenticated', actions: ['takeLink'] },
        'app.close': {
          target: '#client.ended.expired',
          actions: ['reportHibernationEnd', 'returnClosed'],
        },
        'timer.resumption': {
          target: '#client.ended.expired',
          actions: ['reportHibernationEnd', 'reportExpired', 'returnExpired'],
          meta: { clauses: ['A-13'] },
        },
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
export const claiming = (refusedTo: string): LeafState => ({
  description: 'The peer sent <resume/>. The store is asked for the session, and further input of the peer waits.',
  meta: { clauses: ['R-4', 'R-7', 'R-12'] },
  tags: ['asksStore', 'resuming', 'uncounted'],
  on: {
    'store.claimed': {
      target: '#server.enabled.acking.awaitingAck',
      actions: ['adopt', 'writeResumed', 'replay', 'writeAckRequest'],
      meta: { clauses: ['R-4', 'R-5', 'R-6'] },
    },
    'store.unknown': { target: refusedTo, actions: ['refuseNotFound'], meta: { clauses: ['R-7', 'R-10', 'X-1'] } },
    'store.expired': {
      target: refusedTo,
      actions: ['refuseWithCount'],
      meta: { clauses: ['R-8', 'R-10', 'X-1', 'M-8'] },
    },
    'store.stale': {
      target: refusedTo,
      actions: ['refuseWithCount'],
      meta: { clauses: ['R-5', 'A-9', 'R-10', 'X-1'] },
    },
    'store.tooHigh': {
      target: '#server.ended.closed',
      actions: ['failTooHighClaim'],
      meta: { clauses: ['R-5', 'A-8'] },
    },
    'store.conflict': { target: refusedTo, actions: ['refuseConflict'], meta: { clauses: ['R-11', 'X-1'] } },
    'store.failed': { target: refusedTo, actions: ['refuseInternalError'], meta: { clauses: ['X-1'] } },
    'store.wanted': { actions: ['answerConflict'], meta: { clauses: ['R-11'] } },
    'app.send': { actions: ['transmitUnmanaged'] },
    'app.writeUncounted': { actions: ['transmitUncounted'] },
    'app.active': { actions: ['markActive'] },
    'app.inactive': { actions: ['markInactive'] },
    'app.requestAck': { actions: ['ignore'] },
    'app.close': { target: '#server.cancelling', actions: ['closeStream'] },
    'peer.closed': { target: '#server.cancelling', actions: ['closeStream'] },
    'peer.error': { target: '#server.cancelling', actions: ['closeStream'] },
    'peer.violation': { target: '#server.cancelling', actions: ['failViolation'], meta: { clauses: ['S-3'] } },
    'link.lost': { target: '#server.cancelling', actions: ['dropLink'], meta: { clauses: ['R-17'] } },
  },
});

/** The stream of the receiving entity ended before the store answered. */
export const cancelling = {
  description:
    'The stream ended before the store answered. After the answer, a new session is forgotten, a claimed session hibernates.',
  meta: { clauses: ['R-17', 'S-2'] },
  tags: ['cancelling'],
  on: {
    'store.saved': { target: '#server.ended.closed', actions: ['forgetSaved'] },
    'store.claimed': {
      target: '#server.hibernating',
      actions: ['adopt', 'dropLink', 'hibernateInStore'],
      meta: { clauses: ['R-17', 'C-2'] },
    },
    'store.unknown': { target: '#server.ended.closed' },
    'store.expired': { target: '#server.ended.closed' },
    'store.stale': { target: '#server.ended.closed' },
    'store.tooHigh': { target: '#server.ended.closed' },
    'store.conflict': { target: '#server.ended.closed' },
    'store.failed': { target: '#server.ended.closed' },
    'store.wanted': { actions: ['answerConflict'], meta: { clauses: ['R-11'] } },
    'app.send': { actions: ['returnStanzaAfterEnd'] },
    '*': { actions: ['ignore'] },
  },
} satisfies ChartState;
