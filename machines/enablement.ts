/**
 * Chapter 1: how stream management begins (XEP-0198 section 3).
 *
 * The initiating entity sends `<enable/>` after it has bound a resource. The stanzas of the initiating entity count from `<enable/>` on,
 * those of the receiving entity from `<enabled/>` on. Both moments are transitions here, so the counts are right when several elements
 * arrive in one read.
 *
 * The chapters `inbound.ts` and `acking.ts` say what is counted. The chapter `servers.ts` says what is different between servers, which
 * bind no resource. The embedder of a server offers the stream feature (F-1).
 */
import type { ActionName, ChartState, Handlers, LeafState, Tag, Transition } from './vocabulary.js';

/** The client may enable stream management, or decline it. */
export const asking: Handlers = {
  'app.enable': {
    target: '#client.enabling',
    actions: ['writeEnable', 'beginOutbound', 'replay'],
    meta: { clauses: ['A-1', 'R-1'] },
  },
  'app.decline': { target: '#client.unmanaged', actions: ['release', 'returnUnmanaged'] },
};

/** A state in which the initiating entity negotiates its stream, without stream management. */
export const negotiating = (description: string, clauses: string[], on: Handlers, tags: Tag[] = []): LeafState => ({
  description,
  meta: { clauses },
  ...(tags.length === 0 ? {} : { tags }),
  on: {
    ...on,
    'app.writeUncounted': { actions: ['transmitUncounted'] },
    'peer.stanza': { actions: ['deliverUncounted'], meta: { clauses: ['A-3'] } },
    'peer.closed': { target: 'unlinked', actions: ['closeStream', 'dropLink'] },
    'peer.error': { target: 'unlinked', actions: ['closeStream', 'dropLink'] },
    'link.lost': { target: 'unlinked', actions: ['dropLink'] },
  },
});

/** The initiating entity before stream management, and between two streams without stream management. */
export const clientDisabled = {
  description: 'No stream management. The stanzas of the application are held until a stream can carry them.',
  meta: { clauses: ['E-1', 'E-2', 'E-8'] },
  initial: 'unlinked',
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
    unauthenticated: negotiating(
      'There is a connection. Authentication has not completed.',
      ['E-1'],
      {
        'app.authenticating': { actions: ['carryEnable'], meta: { clauses: ['I-5', 'R-1'] } },
        'app.authenticated': { target: 'authenticated', actions: ['takeOwner'] },
        'app.verified': { target: 'verified', actions: ['takeOwner'], meta: { clauses: ['M-9'] } },
      },
      ['unauthenticated'],
    ),
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
    bound: negotiating('A resource is bound. The client may send <enable/> once.', ['E-2', 'E-8'], asking, [
      'canEnable',
    ]),
  },
} satisfies ChartState;

/**
 * The transitions into `enabled`. The regions begin in the states that fit the queue: it may be at its limit, or hold so many stanzas that an
 * `<r/>` is due (M-5, M-10).
 */
export const entersEnabled = (role: 'client' | 'server', actions: ActionName[], clauses: string[]): Transition[] => [
  {
    guard: 'isAtLimit',
    target: [`#${role}.enabled.acking.awaitingAck`, `#${role}.enabled.capacity.atLimit`],
    actions: [...actions, 'writeAckRequest', 'reportPressure'],
    meta: { clauses: [...clauses, 'M-10'] },
  },
  {
    guard: 'requestIsOverdue',
    target: `#${role}.enabled.acking.awaitingAck`,
    actions: [...actions, 'writeAckRequest'],
    meta: { clauses: [...clauses, 'M-5'] },
  },
  { guard: 'hasUnacked', target: `#${role}.enabled.acking.unacked`, actions, meta: { clauses } },
  { target: `#${role}.enabled`, actions, meta: { clauses } },
];

/** The initiating entity waits for the answer to `<enable/>`. */
export const enabling = {
  description:
    'The client sent <enable/>. The stanzas that it sends count from here on; received stanzas do not count yet.',
  meta: { clauses: ['A-1', 'E-8'] },
  tags: ['enabling'],
  entry: ['armDead'],
  exit: ['clearAckWait'],
  on: {
    'peer.enabled': entersEnabled('client', ['beginInbound', 'takeGrant'], ['A-2', 'E-5', 'E-6', 'E-7']),
    'peer.failed': {
      target: 'unmanaged',
      actions: ['reportRefused', 'returnUnmanaged'],
      meta: { clauses: ['E-11'] },
    },
    'peer.stanza': { actions: ['deliverUncounted'], meta: { clauses: ['A-2'] } },
    'app.send': [
      { guard: 'hasRoom', actions: ['track'], meta: { clauses: ['A-1'] } },
      {
        target: '#client.ended.closed',
        actions: ['failOverflow', 'hold', 'returnOverflow'],
        meta: { clauses: ['S-2', 'M-10'] },
      },
    ],
    'app.writeUncounted': { actions: ['transmitUncounted'], meta: { clauses: ['A-3'] } },
    'app.handled': { actions: ['handle'], meta: { clauses: ['A-14'] } },
    'app.requestAck': { actions: ['ignore'] },
    'app.active': { actions: ['markActive'] },
    'app.inactive': { actions: ['markInactive'] },
    'timer.ackWait': { actions: ['clearAckWait', 'destroyLink'], meta: { clauses: ['P-2'] } },
    'link.lost': { target: '#client.ended.closed', actions: ['dropLink', 'returnLost'], meta: { clauses: ['A-13'] } },
    'peer.closed': {
      target: '#client.ended.closed',
      actions: ['closeStream', 'returnClosed'],
      meta: { clauses: ['C-1'] },
    },
    'peer.error': { target: '#client.ended.closed', actions: ['closeStream', 'returnClosed'] },
    'app.close': { target: '#client.ended.closed', actions: ['closeStream', 'returnClosed'] },
  },
} satisfies ChartState;

/** The initiating entity uses a stream without stream management. */
export const unmanaged = {
  description:
    'The server refused stream management, or the client declined it. The stream goes on, and neither side counts.',
  meta: { clauses: ['E-11', 'E-8'] },
  tags: ['unmanaged', 'uncounted'],
  on: {
    'app.send': { actions: ['transmitUnmanaged', 'returnStanzaUncounted'], meta: { clauses: ['A-13'] } },
    'app.writeUncounted': { actions: ['transmitUncounted'] },
    'app.handled': { actions: ['handle'], meta: { clauses: ['A-14'] } },
    'app.requestAck': { actions: ['ignore'] },
    'app.active': { actions: ['markActive'] },
    'app.inactive': { actions: ['markInactive'] },
    'app.close': { target: '#client.ended.closed', actions: ['closeStream'] },
    'peer.stanza': { actions: ['deliverUncounted'], meta: { clauses: ['A-3'] } },
    'peer.closed': { target: '#client.disabled.unlinked', actions: ['closeStream', 'dropLink'] },
    'peer.error': { target: '#client.disabled.unlinked', actions: ['closeStream', 'dropLink'] },
    'link.lost': { target: '#client.disabled.unlinked', actions: ['dropLink'] },
  },
} satisfies ChartState;

/** The transitions for an `<enable/>` that is legal. @param savingTo the state in which the store is asked to keep the session */
export const takesEnable = (savingTo: string): Transition[] => [
  {
    guard: 'wantsResumption',
    target: savingTo,
    actions: ['beginInbound', 'askToSave'],
    meta: { clauses: ['A-2', 'E-5', 'R-2'] },
  },
  {
    target: '#server.enabled',
    actions: ['takeVersion', 'beginInbound', 'writeEnabledWithoutId', 'beginOutbound'],
    meta: { clauses: ['A-1', 'A-2', 'E-4', 'E-5'] },
  },
];

/** The transitions for a `<resume/>` that is legal. @param claimingTo the state in which the store is asked for the session */
export const takesResume = (claimingTo: string): Transition[] => [
  { guard: 'resumptionIsOff', actions: ['refuseNotImplemented'], meta: { clauses: ['R-9', 'X-1'] } },
  { target: claimingTo, actions: ['askToClaim'], meta: { clauses: ['R-7', 'R-12'] } },
];

/** The receiving entity before stream management. */
export const serverDisabled = {
  description: 'A stream without stream management. Stanzas are not counted.',
  meta: { clauses: ['F-1', 'A-3'] },
  tags: ['uncounted'],
  initial: 'unauthenticated',
  on: {
    'app.send': { actions: ['transmitUnmanaged', 'returnStanzaUncounted'], meta: { clauses: ['A-12'] } },
    'app.writeUncounted': { actions: ['transmitUncounted'] },
    'app.handled': { actions: ['handle'], meta: { clauses: ['A-14'] } },
    'app.requestAck': { actions: ['ignore'] },
    'app.active': { actions: ['markActive'] },
    'app.inactive': { actions: ['markInactive'] },
    'app.close': { target: '#server.ended.closed', actions: ['closeStream'] },
    'peer.stanza': { actions: ['deliverUncounted'], meta: { clauses: ['A-3'] } },
    'peer.enable': { actions: ['refuseUnexpected'], meta: { clauses: ['E-3', 'E-4', 'X-1'] } },
    'peer.resume': { actions: ['refuseUnexpected'], meta: { clauses: ['R-12', 'R-14', 'X-1'] } },
    'peer.closed': { target: '#server.ended.closed', actions: ['closeStream'] },
    'peer.error': { target: '#server.ended.closed', actions: ['closeStream'] },
    'link.lost': { target: '#server.ended.closed', actions: ['dropLink'] },
  },
  states: {
    unauthenticated: {
      description: 'Authentication has not completed. The client may not enable or resume yet.',
      meta: { clauses: ['E-3', 'R-12'] },
      on: {
        'app.authenticated': { target: 'authenticated', actions: ['takeOwner'] },
        'app.verified': { target: 'verified', actions: ['takeOwner'], meta: { clauses: ['M-9'] } },
      },
    },
    authenticated: {
      description:
        'Authenticated; no resource is bound yet. The client may resume a session instead of binding a resource.',
      meta: { clauses: ['E-3', 'R-3', 'R-10'] },
      on: {
        'app.bound': { target: 'bound' },
        'peer.resume': takesResume('#server.claiming'),
      },
    },
    bound: {
      description: 'A resource is bound. The client may enable stream management.',
      meta: { clauses: ['E-4', 'R-14'] },
      on: {
        'peer.enable': takesEnable('#server.granting'),
      },
    },
  },
} satisfies ChartState;

/** The receiving entity while the store is asked. Stanzas of the embedder are held: they follow the answer to the peer. */
export const waiting: Handlers = {
  'app.send': [
    { guard: 'hasRoom', actions: ['hold'] },
    {
      target: '#server.cancelling',
      actions: ['failOverflow', 'hold', 'returnOverflow'],
      meta: { clauses: ['S-2', 'M-10', 'A-12'] },
    },
  ],
  'app.writeUncounted': { actions: ['transmitUncounted'] },
  'app.handled': { actions: ['handle'], meta: { clauses: ['A-14'] } },
  'app.active': { actions: ['markActive'] },
  'app.inactive': { actions: ['markInactive'] },
  'app.requestAck': { actions: ['ignore'] },
  'app.close': { target: '#server.closing', actions: ['closeStream', 'returnClosed'] },
  'peer.closed': { target: '#server.cancelling', actions: ['closeStream', 'returnClosed'] },
  'peer.error': { target: '#server.cancelling', actions: ['closeStream', 'returnLost'] },
  'peer.violation': {
    target: '#server.cancelling',
    actions: ['failViolation', 'returnAfterViolation'],
    meta: { clauses: ['S-3'] },
  },
  'link.lost': {
    target: '#server.cancelling',
    actions: ['dropLinkUnanswered', 'returnLost'],
    meta: { clauses: ['R-17'] },
  },
};

/** The receiving entity waits until the store keeps the session. @param refusedTo the state after a refusal */
export const granting = (refusedTo: string): LeafState => ({
  description:
    'The peer asked for a session that can be resumed. The store is asked to keep it. Stanzas and further input of the peer wait.',
  meta: { clauses: ['E-5', 'R-2'] },
  tags: ['asksStore', 'enabling'],
  entry: ['armStoreWait'],
  exit: ['clearStoreWait'],
  on: {
    ...waiting,
    'peer.stanza': [
      { guard: 'isHandledAtOnce', actions: ['receiveAndHandle'], meta: { clauses: ['A-2', 'A-3', 'A-4'] } },
      { actions: ['receive'], meta: { clauses: ['A-2', 'A-3', 'A-4', 'A-14'] } },
    ],
    'store.saved': entersEnabled(
      'server',
      ['writeEnabledWithId', 'beginOutbound', 'replay'],
      ['A-1', 'E-4', 'E-5', 'E-6', 'E-7'],
    ),
    'store.failed': {
      target: refusedTo,
      actions: ['refuseInternalError', 'forgetRequest', 'endInbound', 'returnHeldUncounted'],
      meta: { clauses: ['E-4', 'X-1'] },
    },
    'timer.storeWait': {
      target: refusedTo,
      actions: ['reportStoreTimeout', 'refuseInternalError', 'forgetRequest', 'endInbound', 'returnHeldUncounted'],
      meta: { clauses: ['E-4', 'X-1'] },
    },
  },
});
