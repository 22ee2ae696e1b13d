/**
 * Chapter 2: acknowledgements of what we send (XEP-0198 section 4). This file does not know which role we play.
 *
 * `<r/>` asks, `<a h/>` answers, and an `<a/>` may come unasked. At most one `<r/>` waits for its answer. We write it behind the stanza
 * that makes it due, or when stanzas have waited for long enough. An h that is too high ends the stream; the state around this
 * one does that, because a region cannot end the stream.
 *
 * While the peer is inactive (XEP-0352), a stanza that may wait is held: it is in the queue and not on the wire, and no `<r/>` asks
 * about it. It is written before the next stanza that may not wait, or when the peer is active again.
 */
import type { ChartState, Transition } from './vocabulary.js';

const returnWithoutRoom: Transition = {
  guard: 'noRoom',
  actions: ['returnStanzaForRoom'],
  meta: { clauses: ['S-2', 'M-10'] },
};
const holdBack: Transition = { guard: 'mayWait', actions: ['hold'], meta: { clauses: ['P-3'] } };
const requestBehindIt: Transition = {
  guard: 'requestIsDue',
  target: 'awaitingAck',
  actions: ['track', 'writeAckRequest'],
  meta: { clauses: ['P-1', 'M-5'] },
};
const staleAck: Transition = { guard: 'isStale', actions: ['reportStale'], meta: { clauses: ['A-9'] } };

export const acking = {
  description: 'What we sent, and what the peer has acknowledged.',
  meta: { clauses: ['A-4', 'P-1'] },
  initial: 'allAcked',
  states: {
    allAcked: {
      description: 'Everything that we wrote is acknowledged. Stanzas may be held for an inactive peer.',
      meta: { clauses: ['A-11'] },
      on: {
        'app.send': [
          returnWithoutRoom,
          holdBack,
          requestBehindIt,
          { target: 'unacked', actions: ['track'], meta: { clauses: ['P-3'] } },
        ],
        'app.requestAck': { target: 'awaitingAck', actions: ['writeAckRequest'] },
        'app.active': {
          guard: 'holdsStanzas',
          target: 'awaitingAck',
          actions: ['markActive', 'release', 'writeAckRequest'],
          meta: { clauses: ['P-3'] },
        },
        'peer.a': [{ guard: 'isLegal', actions: ['trimAcked'], meta: { clauses: ['A-6', 'A-11'] } }, staleAck],
      },
    },
    unacked: {
      description:
        'Stanzas are unacknowledged, and no <r/> asks about them. An <r/> follows when they are too many or wait too long.',
      meta: { clauses: ['P-1', 'P-3'] },
      entry: ['armAckIdle'],
      exit: ['clearAckIdle'],
      on: {
        'app.send': [returnWithoutRoom, holdBack, requestBehindIt, { actions: ['track'] }],
        'app.requestAck': { target: 'awaitingAck', actions: ['writeAckRequest'] },
        'app.active': {
          target: 'awaitingAck',
          actions: ['markActive', 'release', 'writeAckRequest'],
          meta: { clauses: ['P-3'] },
        },
        'app.inactive': {
          target: 'awaitingAck',
          actions: ['markInactive', 'writeAckRequest'],
          meta: { clauses: ['P-1', 'P-3'] },
        },
        'timer.ackIdle': { target: 'awaitingAck', actions: ['writeAckRequest'], meta: { clauses: ['P-1'] } },
        'peer.a': [
          { guard: 'acksEverything', target: 'allAcked', actions: ['trimAcked'], meta: { clauses: ['A-4', 'A-6'] } },
          { guard: 'isLegal', actions: ['trimAcked'], meta: { clauses: ['A-4', 'A-6'] } },
          staleAck,
        ],
      },
    },
    awaitingAck: {
      description: 'An <r/> waits for its answer. We send no second <r/>.',
      meta: { clauses: ['P-1', 'P-2'] },
      initial: 'inTime',
      exit: ['clearAckWait'],
      on: {
        'app.send': [returnWithoutRoom, holdBack, { actions: ['track'], meta: { clauses: ['P-1'] } }],
        'app.requestAck': { actions: ['ignore'] },
        'app.active': { actions: ['markActive', 'release'], meta: { clauses: ['P-3'] } },
        'peer.a': [
          { guard: 'acksEverything', target: 'allAcked', actions: ['trimAcked'], meta: { clauses: ['A-4'] } },
          {
            guard: 'requestIsDueAgain',
            target: '.inTime',
            actions: ['trimAcked', 'writeAckRequest'],
            meta: { clauses: ['A-4', 'P-1', 'M-5'] },
          },
          { guard: 'isLegal', target: 'unacked', actions: ['trimAcked'], meta: { clauses: ['A-4'] } },
          staleAck,
        ],
      },
      states: {
        inTime: {
          description: 'The answer may still come in time.',
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
          description: 'The answer is late. The embedder was told.',
          meta: { clauses: ['P-2'] },
          entry: ['armDeadAfterDelay'],
          on: { 'timer.ackWait': { target: 'dead', actions: ['destroyLink'], meta: { clauses: ['P-2'] } } },
        },
        dead: {
          description: 'No answer came: we take the link for dead, and destroy it.',
          meta: { clauses: ['P-2'] },
        },
      },
    },
  },
} satisfies ChartState;
