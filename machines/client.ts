/**
 * The initiating entity, assembled: a client, or a server that opens a stream to another server.
 *
 * Read before this: enablement, acking, inbound, capacity, resumption, ending, servers.
 */
import { acking } from './acking.js';
import { capacity } from './capacity.js';
import { clientDisabled, enabling, unmanaged } from './enablement.js';
import { ended } from './ending.js';
import { inbound } from './inbound.js';
import { clientHibernating } from './resumption.js';
import { clientVerified, clientVerifiedAgain } from './servers.js';
import type { Chart, ChartState } from './vocabulary.js';

const enabled = {
  description: 'Stream management is on: both directions are counted.',
  meta: { clauses: ['A-1', 'A-2', 'E-8'] },
  tags: ['enabled'],
  type: 'parallel',
  states: { acking, capacity },
  on: {
    ...inbound,
    'app.send': {
      target: 'ended.closed',
      actions: ['failOverflow', 'hold', 'returnOverflow'],
      meta: { clauses: ['S-2', 'M-10', 'A-13'] },
    },
    'app.active': { actions: ['markActive'] },
    'app.inactive': { actions: ['markInactive'] },
    'app.writeUncounted': { actions: ['transmitUncounted'], meta: { clauses: ['A-3'] } },
    'app.close': {
      target: 'ended.closed',
      actions: ['writeAck', 'closeStream', 'returnClosed'],
      meta: { clauses: ['A-10', 'C-1'] },
    },
    'peer.a': [
      {
        guard: 'lacksCount',
        target: 'ended.closed',
        actions: ['failMissingCount', 'returnAfterViolation'],
        meta: { clauses: ['A-7', 'A-13'] },
      },
      {
        target: 'ended.closed',
        actions: ['failTooHigh', 'returnAfterViolation'],
        meta: { clauses: ['A-8', 'A-13'] },
      },
    ],
    'peer.closed': {
      target: 'ended.closed',
      actions: ['writeAck', 'closeStream', 'returnClosed'],
      meta: { clauses: ['C-1', 'A-10'] },
    },
    'peer.error': [
      {
        guard: 'isResumableError',
        target: 'hibernating',
        actions: ['closeStream', 'dropLink'],
        meta: { clauses: ['R-15'] },
      },
      { target: 'ended.closed', actions: ['closeStream', 'returnClosed'], meta: { clauses: ['A-13'] } },
    ],
    'timer.overflowGrace': {
      target: 'ended.closed',
      actions: ['failOverflow', 'returnOverflow'],
      meta: { clauses: ['M-10'] },
    },
    'link.lost': [
      { guard: 'isResumable', target: 'hibernating', actions: ['dropLink'], meta: { clauses: ['C-2'] } },
      { target: 'ended.closed', actions: ['dropLink', 'returnLost'], meta: { clauses: ['C-3', 'A-13'] } },
    ],
  },
} satisfies ChartState;

export const client = {
  id: 'client',
  description: 'The initiating entity of a stream.',
  meta: { clauses: ['M-9'] },
  initial: 'disabled',
  states: {
    disabled: { ...clientDisabled, states: { ...clientDisabled.states, verified: clientVerified } },
    enabling,
    unmanaged,
    enabled,
    hibernating: { ...clientHibernating, states: { ...clientHibernating.states, verified: clientVerifiedAgain } },
    ended,
  },
  on: {
    'peer.enable': { actions: ['reportUnexpected'], meta: { clauses: ['X-2'] } },
    'peer.enabled': { actions: ['reportUnexpected'], meta: { clauses: ['X-2'] } },
    'peer.resume': { actions: ['reportUnexpected'], meta: { clauses: ['X-2'] } },
    'peer.resumed': { actions: ['reportUnexpected'], meta: { clauses: ['X-2'] } },
    'peer.failed': { actions: ['reportUnexpected'], meta: { clauses: ['X-2'] } },
    'peer.r': { actions: ['reportUnexpected'], meta: { clauses: ['X-2'] } },
    'peer.a': { actions: ['reportUnexpected'], meta: { clauses: ['X-2'] } },
    'peer.malformed': { actions: ['reportUnexpected'], meta: { clauses: ['X-2'] } },
    'peer.violation': {
      target: '.ended.closed',
      actions: ['failViolation', 'returnAfterViolation'],
      meta: { clauses: ['S-3', 'A-7', 'A-13'] },
    },
    '*': { actions: ['reportMisuse'] },
  },
} satisfies Chart;
