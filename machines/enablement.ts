/**
 * Chapter 1: how stream management begins (XEP-0198 section 3).
 *
 * The initiating entity asks with `<enable/>`, once a resource is bound, and counts from then on what it sends; it counts
 * what it receives from `<enabled/>` on. The receiving entity does it the other way round. Both points are transitions
 * here, so several elements in one read are counted right.
 *
 * Elsewhere: who offers the feature and when (the embedder), what is counted (`inbound.ts`, `acking.ts`), and streams between
 * servers, where nothing is bound (`servers.ts`).
 */
import type { State } from './vocabulary.js';

/** Where stream management can be asked for, or done without. */
export const asking: NonNullable<State['on']> = {
  'app.enable': {
    target: '#client.enabling',
    actions: ['writeEnable', 'beginOutbound', 'replay'],
    meta: { clauses: ['A-1', 'R-1'] },
  },
  'app.decline': { target: '#client.refused', actions: ['releaseUnmanaged'] },
};

/** The initiating entity before stream management, and between two streams that have none. */
export const unmanaged: State = {
  description: 'No stream management: what the application sends is held until a stream can carry it.',
  meta: { clauses: ['E-1', 'E-2', 'E-8'] },
  initial: 'unlinked',
  on: {
    'app.send': [
      { guard: 'noRoomWithoutLink', actions: ['refuseFull'], meta: { clauses: ['S-2', 'M-10'] } },
      { actions: ['hold'] },
    ],
    'app.handled': { actions: ['ignore'] },
    'app.requestAck': { actions: ['ignore'] },
    'app.active': { actions: ['markActive'] },
    'app.inactive': { actions: ['markInactive'] },
    'app.close': { target: '#client.ended.closed', actions: ['closeStream', 'returnClosed'] },
  },
  states: {
    unlinked: {
      description: 'There is no connection.',
      meta: { clauses: [] },
      on: {
        'link.opened': { target: 'unauthenticated', actions: ['takeLink'] },
        'app.close': { target: '#client.ended.closed', actions: ['returnClosed'] },
      },
    },
    unauthenticated: negotiating('A connection on which authentication has not completed.', ['E-1'], {
      'app.authenticating': { actions: ['carryEnable'], meta: { clauses: ['I-5', 'R-1'] } },
      'app.authenticated': { target: 'authenticated', actions: ['takeOwner'] },
      'app.verified': { target: 'verified', actions: ['takeOwner'], meta: { clauses: ['M-9'] } },
    }),
    authenticated: negotiating('Authenticated; no resource is bound yet.', ['E-2'], {
      'app.bound': [
        {
          guard: 'answersEnable',
          target: '#client.enabling',
          actions: ['beginOutbound', 'replay'],
          meta: { clauses: ['A-1', 'I-5'] },
        },
        { target: 'bound' },
      ],
    }),
    bound: negotiating('A resource is bound: stream management can be asked for, once.', ['E-2', 'E-8'], asking),
  },
};

/** The initiating entity waits for the answer to `<enable/>`. */
export const enabling: State = {
  description: '<enable/> was sent: what we send counts from there, what we receive does not count yet.',
  meta: { clauses: ['A-1', 'E-8'] },
  entry: ['armDead'],
  exit: ['clearAckWait'],
  on: {
    'peer.enabled': [
      {
        guard: 'hasUnacked',
        target: '#client.enabled.acking.unacked',
        actions: ['beginInbound', 'takeGrant'],
        meta: { clauses: ['A-2', 'E-5', 'E-6', 'E-7'] },
      },
      {
        target: '#client.enabled',
        actions: ['beginInbound', 'takeGrant'],
        meta: { clauses: ['A-2', 'E-5', 'E-6', 'E-7'] },
      },
    ],
    'peer.failed': {
      target: 'refused',
      actions: ['reportRefused', 'returnUnmanaged'],
      meta: { clauses: ['E-11'] },
    },
    'peer.stanza': { actions: ['deliverUncounted'], meta: { clauses: ['A-2'] } },
    'app.send': [
      { guard: 'noRoom', actions: ['refuseFull'], meta: { clauses: ['S-2', 'M-10'] } },
      { actions: ['track'], meta: { clauses: ['A-1'] } },
    ],
    'app.writeUncounted': { actions: ['negotiate'], meta: { clauses: ['A-3'] } },
    'app.handled': { actions: ['ignore'] },
    'app.requestAck': { actions: ['ignore'] },
    'app.active': { actions: ['markActive'] },
    'app.inactive': { actions: ['markInactive'] },
    'timer.ackWait': { actions: ['destroyLink'], meta: { clauses: ['P-2'] } },
    'link.lost': { target: '#client.ended.closed', actions: ['dropLink', 'returnLost'], meta: { clauses: ['A-13'] } },
    'peer.closed': {
      target: '#client.ended.closed',
      actions: ['closeStream', 'returnClosed'],
      meta: { clauses: ['C-1'] },
    },
    'peer.error': { target: '#client.ended.closed', actions: ['closeStream', 'returnClosed'] },
    'app.close': { target: '#client.ended.closed', actions: ['closeStream', 'returnClosed'] },
  },
};

/** The stream goes on without stream management. */
export const refused: State = {
  description:
    'This stream has no stream management, because it was refused or not wanted; it works, and nobody counts.',
  meta: { clauses: ['E-11', 'E-8'] },
  on: {
    'app.send': { actions: ['transmitUnmanaged'], meta: { clauses: ['A-13'] } },
    'app.writeUncounted': { actions: ['negotiate'] },
    'app.handled': { actions: ['ignore'] },
    'app.requestAck': { actions: ['ignore'] },
    'app.active': { actions: ['markActive'] },
    'app.inactive': { actions: ['markInactive'] },
    'app.close': { target: '#client.ended.closed', actions: ['closeStream'] },
    'peer.stanza': { actions: ['deliverUncounted'], meta: { clauses: ['A-3'] } },
    'peer.closed': { target: '#client.disabled.unlinked', actions: ['closeStream', 'dropLink'] },
    'peer.error': { target: '#client.disabled.unlinked', actions: ['closeStream', 'dropLink'] },
    'link.lost': { target: '#client.disabled.unlinked', actions: ['dropLink'] },
  },
};

/** The receiving entity before stream management. */
export const negotiation: State = {
  description: 'A stream without stream management: stanzas pass uncounted.',
  meta: { clauses: ['F-1', 'A-3'] },
  initial: 'unauthenticated',
  on: {
    'app.send': { actions: ['transmitUncounted'] },
    'app.writeUncounted': { actions: ['negotiate'] },
    'app.handled': { actions: ['ignore'] },
    'app.requestAck': { actions: ['ignore'] },
    'app.active': { actions: ['markActive'] },
    'app.inactive': { actions: ['markInactive'] },
    'app.close': { target: '#server.ended.closed', actions: ['closeStream'] },
    'peer.stanza': { actions: ['deliverUncounted'], meta: { clauses: ['A-3'] } },
    'peer.enable': { actions: ['takeVersion', 'refuseUnexpected'], meta: { clauses: ['E-3', 'E-4', 'X-1'] } },
    'peer.resume': { actions: ['takeVersion', 'refuseUnexpected'], meta: { clauses: ['R-12', 'R-14', 'X-1'] } },
    'peer.closed': { target: '#server.ended.closed', actions: ['closeStream'] },
    'peer.error': { target: '#server.ended.closed', actions: ['closeStream'] },
    'link.lost': { target: '#server.ended.closed', actions: ['dropLink'] },
  },
  states: {
    unauthenticated: {
      description: 'Authentication has not completed: nothing may be enabled or resumed.',
      meta: { clauses: ['E-3', 'R-12'] },
      on: {
        'app.authenticated': { target: 'authenticated', actions: ['takeOwner'] },
        'app.verified': { target: 'verified', actions: ['takeOwner'], meta: { clauses: ['M-9'] } },
      },
    },
    authenticated: {
      description: 'Authenticated; no resource is bound: a former session may be resumed in place of binding.',
      meta: { clauses: ['E-3', 'R-3', 'R-10'] },
      on: {
        'app.bound': { target: 'bound' },
        'peer.resume': [
          {
            guard: 'resumptionIsOff',
            actions: ['takeVersion', 'refuseNotImplemented'],
            meta: { clauses: ['R-9', 'X-1'] },
          },
          { target: '#server.claiming', actions: ['takeVersion', 'askToClaim'], meta: { clauses: ['R-7', 'R-12'] } },
        ],
      },
    },
    bound: {
      description: 'A resource is bound: stream management may be enabled.',
      meta: { clauses: ['E-4', 'R-14'] },
      on: {
        'peer.enable': [
          {
            guard: 'wantsResumption',
            target: '#server.granting',
            actions: ['takeVersion', 'beginInbound', 'askToSave'],
            meta: { clauses: ['A-2', 'E-5', 'R-2'] },
          },
          {
            target: '#server.enabled',
            actions: ['takeVersion', 'beginInbound', 'grantAcks', 'beginOutbound'],
            meta: { clauses: ['A-1', 'A-2', 'E-4', 'E-5'] },
          },
        ],
      },
    },
  },
};

/** The receiving entity waits until the store keeps the session. */
export const granting: State = {
  description: 'A session that can be resumed was asked for; the store is asked to keep it. The peer waits its turn.',
  meta: { clauses: ['E-5', 'R-2'] },
  tags: ['asksStore'],
  on: {
    'store.saved': {
      target: '#server.enabled',
      actions: ['grantResumption', 'beginOutbound'],
      meta: { clauses: ['A-1', 'E-4', 'E-5', 'E-6', 'E-7'] },
    },
    'store.failed': {
      target: '#server.disabled.bound',
      actions: ['refuseInternalError'],
      meta: { clauses: ['E-4', 'X-1'] },
    },
    'app.send': { actions: ['transmitUncounted'], meta: { clauses: ['A-1'] } },
    'app.writeUncounted': { actions: ['negotiate'] },
    'app.active': { actions: ['markActive'] },
    'app.inactive': { actions: ['markInactive'] },
    'app.requestAck': { actions: ['ignore'] },
    'app.close': { target: '#server.abandoned', actions: ['closeStream'] },
    'peer.closed': { target: '#server.abandoned', actions: ['closeStream'], meta: { clauses: ['C-1'] } },
    'peer.error': { target: '#server.abandoned', actions: ['closeStream'] },
    'peer.violation': { target: '#server.abandoned', actions: ['writeViolation'], meta: { clauses: ['S-3'] } },
    'link.lost': { target: '#server.abandoned', actions: ['dropLink'] },
  },
};

/** Hoisted so that the states above read in life order. */
export function negotiating(description: string, clauses: string[], on: NonNullable<State['on']>): State {
  return {
    description,
    meta: { clauses },
    on: {
      ...on,
      'app.writeUncounted': { actions: ['negotiate'] },
      'peer.stanza': { actions: ['deliverUncounted'], meta: { clauses: ['A-3'] } },
      'peer.closed': { target: 'unlinked', actions: ['closeStream', 'dropLink'] },
      'peer.error': { target: 'unlinked', actions: ['closeStream', 'dropLink'] },
      'link.lost': { target: 'unlinked', actions: ['dropLink'] },
    },
  };
}
