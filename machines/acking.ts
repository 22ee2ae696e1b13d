/**
 * Chapter 2: acknowledgements of what we send (XEP-0198 section 4). This file does not know which role we play.
 *
 * `<r/>` asks, `<a h/>` answers, and an `<a/>` may come unasked. At most one question is open; it goes out behind the
 * stanza that makes it due, or when stanzas have waited for long enough. An h that no stanza was written for is not
 * handled here: no region may end the stream, so it is left to the state around.
 *
 * While the peer is inactive (XEP-0352), a stanza that may wait is held: it is in the queue and not on the wire, and nothing
 * is asked about it. It goes out ahead of the next one that may not wait, or when the peer is active again.
 */
import type { State, Transition } from './vocabulary.js';

const refuseWithoutRoom: Transition = { guard: 'noRoom', actions: ['refuseFull'], meta: { clauses: ['S-2', 'M-10'] } };
const holdBack: Transition = { guard: 'mayWait', actions: ['hold'], meta: { clauses: ['P-3'] } };
const askBehindIt: Transition = {
  guard: 'askIsDue',
  target: 'awaitingAck',
  actions: ['track', 'requestAck'],
  meta: { clauses: ['P-1', 'M-5'] },
};
const reportRegress: Transition = { guard: 'isRegressed', actions: ['reportRegressed'], meta: { clauses: ['A-9'] } };

export const acking: State = {
  description: 'What we sent, and what the peer has said about it.',
  meta: { clauses: ['A-4', 'P-1'] },
  initial: 'settled',
  states: {
    settled: {
      description: 'Everything we wrote is acknowledged; for an inactive peer stanzas may be held.',
      meta: { clauses: ['A-11'] },
      on: {
        'app.send': [
          refuseWithoutRoom,
          holdBack,
          askBehindIt,
          { target: 'unacked', actions: ['track'], meta: { clauses: ['P-3'] } },
        ],
        'app.requestAck': { target: 'awaitingAck', actions: ['requestAck'] },
        'app.active': {
          guard: 'holdsBack',
          target: 'awaitingAck',
          actions: ['markActive', 'release', 'requestAck'],
          meta: { clauses: ['P-3'] },
        },
        'peer.a': [{ guard: 'isLegal', actions: ['trimAcked'], meta: { clauses: ['A-6', 'A-11'] } }, reportRegress],
      },
    },
    unacked: {
      description:
        'Stanzas are unacknowledged and nothing is asked; a question follows when they are too many or wait too long.',
      meta: { clauses: ['P-1', 'P-3'] },
      entry: ['armAckIdle'],
      exit: ['clearAckIdle'],
      on: {
        'app.send': [refuseWithoutRoom, holdBack, askBehindIt, { actions: ['track'] }],
        'app.requestAck': { target: 'awaitingAck', actions: ['requestAck'] },
        'app.active': {
          target: 'awaitingAck',
          actions: ['markActive', 'release', 'requestAck'],
          meta: { clauses: ['P-3'] },
        },
        'app.inactive': {
          target: 'awaitingAck',
          actions: ['markInactive', 'requestAck'],
          meta: { clauses: ['P-1', 'P-3'] },
        },
        'timer.ackIdle': { target: 'awaitingAck', actions: ['requestAck'], meta: { clauses: ['P-1'] } },
        'peer.a': [
          { guard: 'acksEverything', target: 'settled', actions: ['trimAcked'], meta: { clauses: ['A-4', 'A-6'] } },
          { guard: 'isLegal', actions: ['trimAcked'], meta: { clauses: ['A-4', 'A-6'] } },
          reportRegress,
        ],
      },
    },
    awaitingAck: {
      description: 'An <r/> is unanswered: no second one is sent.',
      meta: { clauses: ['P-1', 'P-2'] },
      initial: 'punctual',
      exit: ['clearAckWait'],
      on: {
        'app.send': [refuseWithoutRoom, holdBack, { actions: ['track'], meta: { clauses: ['P-1'] } }],
        'app.requestAck': { actions: ['ignore'] },
        'app.active': { actions: ['markActive', 'release'], meta: { clauses: ['P-3'] } },
        'peer.a': [
          { guard: 'acksEverything', target: 'settled', actions: ['trimAcked'], meta: { clauses: ['A-4'] } },
          {
            guard: 'askIsDueAgain',
            target: '.punctual',
            actions: ['trimAcked', 'requestAck'],
            meta: { clauses: ['A-4', 'P-1', 'M-5'] },
          },
          { guard: 'isLegal', target: 'unacked', actions: ['trimAcked'], meta: { clauses: ['A-4'] } },
          reportRegress,
        ],
      },
      states: {
        punctual: {
          description: 'The answer is not late yet.',
          meta: { clauses: ['P-2', 'M-6'] },
          entry: ['armAckDelay'],
          on: {
            'timer.ackWait': {
              target: 'overdue',
              actions: ['reportAckDelayed'],
              meta: { clauses: ['P-2', 'M-4', 'M-6'] },
            },
          },
        },
        overdue: {
          description: 'The answer is late, and was reported so.',
          meta: { clauses: ['P-2'] },
          entry: ['armDeadAfterDelay'],
          on: { 'timer.ackWait': { target: 'dead', actions: ['destroyLink'], meta: { clauses: ['P-2'] } } },
        },
        dead: {
          description: 'The peer is taken for dead: the link is being destroyed.',
          meta: { clauses: ['P-2'] },
        },
      },
    },
  },
};
