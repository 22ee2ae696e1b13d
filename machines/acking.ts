/**
 * Chapter 2: acknowledgements of what we send (XEP-0198 section 4). It is the same in both roles.
 *
 * `<r/>` asks for an acknowledgement, `<a h/>` acknowledges, and the peer may send an `<a/>` unasked. At most one `<r/>` waits for its
 * answer. We write an `<r/>` after the stanza that makes it due, or when stanzas have waited too long. `enabled` ends the stream when an
 * h is too high or a stanza has no room, because a region does not end the stream.
 *
 * While the peer is inactive (XEP-0352), a stanza that may wait is held: it is in the queue and not yet written, so no `<r/>` is sent for
 * it. We write it before the next stanza that may not wait, or when the peer is active again. A stanza that may not wait wakes the peer: it
 * is written, and `ackIdle` asks for its acknowledgement as it does for an active peer.
 */
import type { ChartState, Transition } from './vocabulary.js';

const holdForInactive: Transition = { guard: 'mayWait', actions: ['hold'], meta: { clauses: ['P-3'] } };
const trackAndRequest: Transition = {
  guard: 'requestIsDue',
  target: 'awaitingAck',
  actions: ['track', 'writeAckRequest'],
  meta: { clauses: ['P-1', 'M-5'] },
};
const reportIfStale: Transition = { guard: 'isStale', actions: ['reportStale'], meta: { clauses: ['A-9'] } };

export const acking = {
  description: 'What we sent, and what the peer acknowledged.',
  meta: { clauses: ['A-4', 'P-1'] },
  initial: 'allAcked',
  states: {
    allAcked: {
      description: 'Every stanza that we wrote is acknowledged. The queue may hold stanzas for an inactive peer.',
      meta: { clauses: ['A-11'] },
      on: {
        'app.send': [
          holdForInactive,
          trackAndRequest,
          { guard: 'hasRoom', target: 'unacked', actions: ['track'], meta: { clauses: ['P-3'] } },
        ],
        'app.requestAck': { target: 'awaitingAck', actions: ['writeAckRequest'] },
        'app.active': {
          guard: 'holdsStanzas',
          target: 'awaitingAck',
          actions: ['markActive', 'release', 'writeAckRequest'],
          meta: { clauses: ['P-3'] },
        },
        'peer.a': [{ guard: 'isLegal', actions: ['trimAcked'], meta: { clauses: ['A-6', 'A-11'] } }, reportIfStale],
      },
    },
    unacked: {
      description:
        'Stanzas are unacknowledged, and no <r/> waits for its answer. We send <r/> when they are too many or wait too long.',
      meta: { clauses: ['P-1', 'P-3'] },
      entry: ['armAckIdle'],
      exit: ['clearAckIdle'],
      on: {
        'app.send': [holdForInactive, trackAndRequest, { guard: 'hasRoom', actions: ['track'] }],
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
          reportIfStale,
        ],
      },
    },
    awaitingAck: {
      description: 'Our <r/> waits for its answer. We send no second <r/>.',
      meta: { clauses: ['P-1', 'P-2'] },
      initial: 'inTime',
      exit: ['clearAckWait'],
      on: {
        'app.send': [holdForInactive, { guard: 'hasRoom', actions: ['track'], meta: { clauses: ['P-1'] } }],
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
          reportIfStale,
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
          description: 'The answer is late, and the embedder was told.',
          meta: { clauses: ['P-2'] },
          entry: ['armDeadAfterDelay'],
          on: {
            'timer.ackWait': { target: 'dead', actions: ['clearAckWait', 'destroyLink'], meta: { clauses: ['P-2'] } },
          },
        },
        dead: {
          description:
            'No answer came. We consider the link dead, and destroy it. A late <a/> still counts, and the link stays dead.',
          meta: { clauses: ['P-2'] },
          on: {
            'peer.a': [{ guard: 'isLegal', actions: ['trimAcked'], meta: { clauses: ['A-4', 'P-2'] } }, reportIfStale],
          },
        },
      },
    },
  },
} satisfies ChartState;
