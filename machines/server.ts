/**
 * The receiving entity, assembled: a server whose peer is a client, or a server that opened the stream.
 *
 * Read before this: enablement, acking, inbound, capacity, hibernation, resumption, ending, servers.
 */
import { acking } from './acking.js';
import { capacity } from './capacity.js';
import { granting, serverDisabled } from './enablement.js';
import { ended } from './ending.js';
import { hibernating } from './hibernation.js';
import { inbound } from './inbound.js';
import { cancelling, claiming, closing } from './resumption.js';
import { serverVerified } from './servers.js';
import type { Chart, ChartState } from './vocabulary.js';

const enabled = {
  description: 'Stream management is on: both directions are counted.',
  meta: { clauses: ['A-1', 'A-2', 'R-14'] },
  tags: ['enabled'],
  type: 'parallel',
  states: { acking, capacity },
  on: {
    ...inbound,
    'app.send': {
      target: 'ended.closed',
      actions: ['failOverflow', 'expireInStore', 'hold', 'returnOverflow'],
      meta: { clauses: ['S-2', 'M-10', 'A-12'] },
    },
    'app.active': { actions: ['markActive'] },
    'app.inactive': { actions: ['markInactive'] },
    'app.keepFor': { actions: ['takeKeepTime'], meta: { clauses: ['M-1'] } },
    'app.writeUncounted': { actions: ['transmitUncounted'], meta: { clauses: ['A-3'] } },
    'app.close': {
      target: 'ended.closed',
      actions: ['writeAck', 'closeStream', 'expireInStore', 'returnClosed'],
      meta: { clauses: ['A-10', 'A-12', 'R-8'] },
    },
    'peer.enable': [
      {
        guard: 'closesOnSecondEnable',
        target: 'ended.closed',
        actions: ['failSecondEnable', 'expireInStore', 'returnAfterViolation'],
        meta: { clauses: ['E-9'] },
      },
      { actions: ['refuseUnexpected'], meta: { clauses: ['E-4', 'E-9', 'X-1'] } },
    ],
    'peer.a': [
      {
        guard: 'lacksCount',
        target: 'ended.closed',
        actions: ['failMissingCount', 'expireInStore', 'returnAfterViolation'],
        meta: { clauses: ['A-7', 'A-12'] },
      },
      {
        target: 'ended.closed',
        actions: ['failTooHigh', 'expireInStore', 'returnAfterViolation'],
        meta: { clauses: ['A-8', 'A-12'] },
      },
    ],
    'peer.violation': {
      target: 'ended.closed',
      actions: ['failViolation', 'expireInStore', 'returnAfterViolation'],
      meta: { clauses: ['S-3', 'A-7', 'A-12'] },
    },
    'peer.closed': {
      target: 'ended.closed',
      actions: ['writeAck', 'closeStream', 'forgetInStore', 'returnClosed'],
      meta: { clauses: ['C-1', 'A-10', 'A-12'] },
    },
    'peer.error': [
      {
        guard: 'isResumable',
        target: 'hibernating',
        actions: ['closeStream', 'dropLink', 'hibernateInStore'],
        meta: { clauses: ['C-2'] },
      },
      { target: 'ended.closed', actions: ['closeStream', 'returnLost'], meta: { clauses: ['C-3', 'A-12'] } },
    ],
    'timer.overflowGrace': {
      target: 'ended.closed',
      actions: ['failOverflow', 'expireInStore', 'returnOverflow'],
      meta: { clauses: ['M-10', 'A-12'] },
    },
    'store.taken': [
      {
        guard: 'isResumable',
        target: 'ended.superseded',
        actions: ['supersede', 'failConflict'],
        meta: { clauses: ['R-4', 'R-6', 'R-11'] },
      },
      { actions: ['reportMisuse'] },
    ],
    'link.lost': [
      {
        guard: 'isResumable',
        target: 'hibernating',
        actions: ['dropLink', 'hibernateInStore'],
        meta: { clauses: ['C-2', 'M-4'] },
      },
      { target: 'ended.closed', actions: ['dropLink', 'returnLost'], meta: { clauses: ['C-3', 'A-12'] } },
    ],
  },
} satisfies ChartState;

export const server = {
  id: 'server',
  description: 'The receiving entity of a stream.',
  meta: { clauses: ['M-9'] },
  initial: 'disabled',
  states: {
    disabled: { ...serverDisabled, states: { ...serverDisabled.states, verified: serverVerified } },
    granting: granting('#server.disabled.bound'),
    claiming: claiming('#server.disabled.authenticated'),
    cancelling,
    closing,
    enabled,
    hibernating,
    ended: {
      ...ended,
      states: {
        ...ended.states,
        superseded: {
          description: 'Another link resumed the session, and the session goes on there.',
          meta: { clauses: ['R-11'] },
          tags: ['superseded'],
        },
      },
      on: {
        ...ended.on,
        'store.saved': { actions: ['forgetSaved'] },
        'store.claimed': { actions: ['returnStrangeClaim'], meta: { clauses: ['A-12'] } },
      },
    },
  },
  on: {
    'peer.enable': { actions: ['refuseUnexpected'], meta: { clauses: ['E-4', 'X-1', 'X-2'] } },
    'peer.enabled': { actions: ['refuseUnexpected'], meta: { clauses: ['X-1', 'X-2'] } },
    'peer.resume': { actions: ['refuseUnexpected'], meta: { clauses: ['R-14', 'X-1'] } },
    'peer.resumed': { actions: ['refuseUnexpected'], meta: { clauses: ['X-1', 'X-2'] } },
    'peer.failed': { actions: ['refuseUnexpected'], meta: { clauses: ['X-1', 'X-2'] } },
    'peer.r': { actions: ['refuseUnexpected'], meta: { clauses: ['X-1', 'X-2'] } },
    'peer.a': { actions: ['refuseUnexpected'], meta: { clauses: ['X-1', 'X-2'] } },
    'peer.malformed': { actions: ['refuseMalformed'], meta: { clauses: ['X-1', 'X-2', 'E-10', 'E-12'] } },
    'peer.violation': {
      target: '.ended.closed',
      actions: ['failViolation', 'returnAfterViolation'],
      meta: { clauses: ['S-3', 'A-7'] },
    },
    'store.saved': { actions: ['forgetSaved'] },
    'store.claimed': { actions: ['returnStrangeClaim'], meta: { clauses: ['A-12'] } },
    'store.unknown': { actions: ['ignore'] },
    'store.expired': { actions: ['ignore'] },
    'store.stale': { actions: ['ignore'] },
    'store.tooHigh': { actions: ['ignore'] },
    'store.failed': { actions: ['ignore'] },
    'store.taken': { actions: ['ignore'], meta: { clauses: ['R-11'] } },
    '*': { actions: ['reportMisuse'] },
  },
} satisfies Chart;
