/**
 * What of the charts a client loads: its own chart, without the prose, and the words it names. `npm run client-chart` makes this of
 * `machines/`, where it is to be read and changed; a test compares the two.
 */
import type { Chart, Meta } from '../../machines/vocabulary.js';
import * as ackpolicy from '../core/ackpolicy.js';
import * as acks from '../core/acks.js';
import * as capacity from '../core/capacity.js';
import * as endings from '../core/endings.js';
import * as granting from '../core/granting.js';
import * as inbound from '../core/inbound.js';
import * as outbound from '../core/outbound.js';
import * as requesting from '../core/requesting.js';
import * as timers from '../core/timers.js';

export const actions = {
  beginInbound: inbound.beginInbound,
  receive: inbound.receive,
  deliverUncounted: inbound.deliverUncounted,
  answer: inbound.answer,
  handle: inbound.handle,
  beginOutbound: outbound.beginOutbound,
  track: outbound.track,
  hold: outbound.hold,
  release: outbound.release,
  replay: outbound.replay,
  transmitUnmanaged: outbound.transmitUnmanaged,
  releaseUnmanaged: outbound.releaseUnmanaged,
  negotiate: outbound.negotiate,
  refuseFull: outbound.refuseStanza('queueFull'),
  refuseClosed: outbound.refuseStanza('closed'),
  returnClosed: outbound.returnUnacked('closed'),
  returnExpired: outbound.returnUnacked('expired'),
  returnLost: outbound.returnUnacked('lost'),
  returnOverflow: outbound.returnUnacked('overflow'),
  returnAfterFailedResumption: outbound.returnUnacked('resumptionFailed'),
  returnUnmanaged: outbound.returnUnacked('unmanaged'),
  returnAfterViolation: outbound.returnUnacked('violation'),
  trimAcked: acks.trimAcked,
  requestAck: acks.requestAck,
  reportRegressed: acks.reportRegressed,
  reportAckDelayed: acks.reportAckDelayed,
  reportPressure: capacity.reportPressure,
  takeOwner: granting.takeOwner,
  takeLink: requesting.takeLink,
  writeEnable: requesting.writeEnable,
  carryEnable: requesting.carryEnable,
  takeGrant: requesting.takeGrant,
  reportRefused: requesting.reportRefused,
  writeResume: requesting.writeResume,
  carryResume: requesting.carryResume,
  takeResumed: requesting.takeResumed,
  trimByFailed: requesting.trimByFailed,
  reportResumptionFailed: requesting.reportResumptionFailed,
  forgetSession: requesting.forgetSession,
  reportUnexpected: requesting.reportUnexpected,
  dropLink: endings.dropLink,
  closeStream: endings.closeStream,
  destroyLink: endings.destroyLink,
  writeViolation: endings.writeViolation,
  writeTooHigh: endings.writeTooHigh,
  writeMissingCount: endings.writeMissingCount,
  writeOverflow: endings.writeOverflow,
  writeBadResumed: endings.writeBadResumed,
  reportHibernationStart: endings.reportHibernationStart,
  reportHibernationEnd: endings.reportHibernationEnd,
  reportReturn: endings.reportReturn,
  reportExpired: endings.reportExpired,
  reportEnded: endings.reportEnded,
  reportMisuse: endings.reportMisuse,
  markActive: endings.markActive,
  markInactive: endings.markInactive,
  ignore: endings.ignore,
  armAckIdle: timers.armAckIdle,
  clearAckIdle: timers.clearAckIdle,
  armAckDelay: timers.armAckDelay,
  armDeadAfterDelay: timers.armDeadAfterDelay,
  armDead: timers.armDead,
  clearAckWait: timers.clearAckWait,
  armOverflowGrace: timers.armOverflowGrace,
  clearOverflowGrace: timers.clearOverflowGrace,
  armResumption: timers.armResumption,
  clearResumption: timers.clearResumption,
};

export const guards = {
  askIsDue: ackpolicy.askIsDue,
  askIsDueAgain: ackpolicy.askIsDueAgain,
  mayWait: ackpolicy.mayWait,
  holdsBack: ackpolicy.holdsBack,
  acksEverything: ackpolicy.acksEverything,
  isLegal: ackpolicy.isLegal,
  isRegressed: ackpolicy.isRegressed,
  lacksCount: ackpolicy.lacksCount,
  noRoom: capacity.noRoom,
  noRoomWithoutLink: capacity.noRoomWithoutLink,
  reachesLimit: capacity.reachesLimit,
  reachesPressure: capacity.reachesPressure,
  drainsBelowLimit: capacity.drainsBelowLimit,
  isRelieved: capacity.isRelieved,
  hasUnacked: requesting.hasUnacked,
  isResumable: requesting.isResumable,
  isAnotherOwner: requesting.isAnotherOwner,
  answersResume: requesting.answersResume,
  answersEnable: requesting.answersEnable,
  resumesOurs: requesting.resumesOurs,
  resumedTooHigh: requesting.resumedTooHigh,
  mayReturn: endings.mayReturn,
  resumptionIsOver: endings.resumptionIsOver,
};

/** In the order in which they are found. */
export const configurations: readonly string[] = [
  'disabled.unlinked',
  'ended.closed',
  'disabled.unauthenticated',
  'disabled.verified',
  'refused',
  'enabling',
  'enabled.acking.settled & enabled.inbound.counting & enabled.capacity.roomy',
  'hibernating.unlinked',
  'ended.expired',
  'hibernating.unauthenticated',
  'hibernating.verified.ready',
  'hibernating.verified.resuming',
  'enabled.acking.awaitingAck.punctual & enabled.inbound.counting & enabled.capacity.roomy',
  'enabled.acking.unacked & enabled.inbound.counting & enabled.capacity.roomy',
  'enabled.acking.unacked & enabled.inbound.counting & enabled.capacity.pressed',
  'enabled.acking.settled & enabled.inbound.counting & enabled.capacity.pressed',
  'enabled.acking.awaitingAck.punctual & enabled.inbound.counting & enabled.capacity.pressed',
  'enabled.acking.awaitingAck.punctual & enabled.inbound.counting & enabled.capacity.overflowing',
  'enabled.acking.unacked & enabled.inbound.counting & enabled.capacity.overflowing',
  'enabled.acking.settled & enabled.inbound.counting & enabled.capacity.overflowing',
  'enabled.acking.awaitingAck.overdue & enabled.inbound.counting & enabled.capacity.overflowing',
  'enabled.acking.awaitingAck.overdue & enabled.inbound.counting & enabled.capacity.pressed',
  'enabled.acking.awaitingAck.overdue & enabled.inbound.counting & enabled.capacity.roomy',
  'enabled.acking.awaitingAck.dead & enabled.inbound.counting & enabled.capacity.roomy',
  'enabled.acking.awaitingAck.dead & enabled.inbound.counting & enabled.capacity.pressed',
  'enabled.acking.awaitingAck.dead & enabled.inbound.counting & enabled.capacity.overflowing',
  'hibernating.authenticated',
  'disabled.bound',
  'hibernating.resuming',
  'disabled.authenticated',
];

const meta: Meta = { clauses: [] };

// biome-ignore format: a line for each transition
export const chart: Chart = {
  id: 'client',
  initial: 'disabled',
  description: '', meta,
  on: {
    'peer.enable': { actions: ['reportUnexpected'], meta: { clauses: ['X-2'] } },
    'peer.enabled': { actions: ['reportUnexpected'], meta: { clauses: ['X-2'] } },
    'peer.resume': { actions: ['reportUnexpected'], meta: { clauses: ['X-2'] } },
    'peer.resumed': { actions: ['reportUnexpected'], meta: { clauses: ['X-2'] } },
    'peer.failed': { actions: ['reportUnexpected'], meta: { clauses: ['X-2'] } },
    'peer.r': { actions: ['reportUnexpected'], meta: { clauses: ['X-2'] } },
    'peer.a': { actions: ['reportUnexpected'], meta: { clauses: ['X-2'] } },
    'peer.stanza': { actions: ['reportUnexpected'], meta: { clauses: ['X-2'] } },
    'peer.malformed': { actions: ['reportUnexpected'], meta: { clauses: ['X-2'] } },
    'peer.violation': { target: '.ended.closed', actions: ['writeViolation', 'returnAfterViolation'], meta: { clauses: ['S-3', 'A-7', 'A-13'] } },
    '*': { actions: ['reportMisuse'] },
  },
  states: {
    disabled: {
      initial: 'unlinked',
      description: '', meta,
      on: {
        'app.send': [{ guard: 'noRoomWithoutLink', actions: ['refuseFull'], meta: { clauses: ['S-2', 'M-10'] } }, { actions: ['hold'] }],
        'app.handled': { actions: ['ignore'] },
        'app.requestAck': { actions: ['ignore'] },
        'app.active': { actions: ['markActive'] },
        'app.inactive': { actions: ['markInactive'] },
        'app.close': { target: '#client.ended.closed', actions: ['closeStream', 'returnClosed'] },
      },
      states: {
        unlinked: {
          description: '', meta,
          on: {
            'link.opened': { target: 'unauthenticated', actions: ['takeLink'] },
            'app.close': { target: '#client.ended.closed', actions: ['returnClosed'] },
          },
        },
        unauthenticated: {
          description: '', meta,
          on: {
            'app.authenticating': { actions: ['carryEnable'], meta: { clauses: ['I-5', 'R-1'] } },
            'app.authenticated': { target: 'authenticated', actions: ['takeOwner'] },
            'app.verified': { target: 'verified', actions: ['takeOwner'], meta: { clauses: ['M-9'] } },
            'app.writeUncounted': { actions: ['negotiate'] },
            'peer.stanza': { actions: ['deliverUncounted'], meta: { clauses: ['A-3'] } },
            'peer.closed': { target: 'unlinked', actions: ['closeStream', 'dropLink'] },
            'peer.error': { target: 'unlinked', actions: ['closeStream', 'dropLink'] },
            'link.lost': { target: 'unlinked', actions: ['dropLink'] },
          },
        },
        authenticated: {
          description: '', meta,
          on: {
            'app.bound': [{ guard: 'answersEnable', target: '#client.enabling', actions: ['beginOutbound', 'replay'], meta: { clauses: ['A-1', 'I-5'] } }, { target: 'bound' }],
            'app.writeUncounted': { actions: ['negotiate'] },
            'peer.stanza': { actions: ['deliverUncounted'], meta: { clauses: ['A-3'] } },
            'peer.closed': { target: 'unlinked', actions: ['closeStream', 'dropLink'] },
            'peer.error': { target: 'unlinked', actions: ['closeStream', 'dropLink'] },
            'link.lost': { target: 'unlinked', actions: ['dropLink'] },
          },
        },
        bound: {
          description: '', meta,
          on: {
            'app.enable': { target: '#client.enabling', actions: ['writeEnable', 'beginOutbound', 'replay'], meta: { clauses: ['A-1', 'R-1'] } },
            'app.decline': { target: '#client.refused', actions: ['releaseUnmanaged'] },
            'app.writeUncounted': { actions: ['negotiate'] },
            'peer.stanza': { actions: ['deliverUncounted'], meta: { clauses: ['A-3'] } },
            'peer.closed': { target: 'unlinked', actions: ['closeStream', 'dropLink'] },
            'peer.error': { target: 'unlinked', actions: ['closeStream', 'dropLink'] },
            'link.lost': { target: 'unlinked', actions: ['dropLink'] },
          },
        },
        verified: {
          description: '', meta,
          on: {
            'app.enable': { target: '#client.enabling', actions: ['writeEnable', 'beginOutbound', 'replay'], meta: { clauses: ['A-1', 'R-1'] } },
            'app.decline': { target: '#client.refused', actions: ['releaseUnmanaged'] },
            'app.writeUncounted': { actions: ['negotiate'] },
            'peer.stanza': { actions: ['deliverUncounted'], meta: { clauses: ['A-3'] } },
            'peer.closed': { target: 'unlinked', actions: ['closeStream', 'dropLink'] },
            'peer.error': { target: 'unlinked', actions: ['closeStream', 'dropLink'] },
            'link.lost': { target: 'unlinked', actions: ['dropLink'] },
          },
        },
      },
    },
    enabling: {
      entry: ['armDead'],
      exit: ['clearAckWait'],
      description: '', meta,
      on: {
        'peer.enabled': [{ guard: 'hasUnacked', target: '#client.enabled.acking.unacked', actions: ['beginInbound', 'takeGrant'], meta: { clauses: ['A-2', 'E-5', 'E-6', 'E-7'] } }, { target: '#client.enabled', actions: ['beginInbound', 'takeGrant'], meta: { clauses: ['A-2', 'E-5', 'E-6', 'E-7'] } }],
        'peer.failed': { target: 'refused', actions: ['reportRefused', 'returnUnmanaged'], meta: { clauses: ['E-11'] } },
        'peer.stanza': { actions: ['deliverUncounted'], meta: { clauses: ['A-2'] } },
        'app.send': [{ guard: 'noRoom', actions: ['refuseFull'], meta: { clauses: ['S-2', 'M-10'] } }, { actions: ['track'], meta: { clauses: ['A-1'] } }],
        'app.writeUncounted': { actions: ['negotiate'], meta: { clauses: ['A-3'] } },
        'app.handled': { actions: ['ignore'] },
        'app.requestAck': { actions: ['ignore'] },
        'app.active': { actions: ['markActive'] },
        'app.inactive': { actions: ['markInactive'] },
        'timer.ackWait': { actions: ['destroyLink'], meta: { clauses: ['P-2'] } },
        'link.lost': { target: '#client.ended.closed', actions: ['dropLink', 'returnLost'], meta: { clauses: ['A-13'] } },
        'peer.closed': { target: '#client.ended.closed', actions: ['closeStream', 'returnClosed'], meta: { clauses: ['C-1'] } },
        'peer.error': { target: '#client.ended.closed', actions: ['closeStream', 'returnClosed'] },
        'app.close': { target: '#client.ended.closed', actions: ['closeStream', 'returnClosed'] },
      },
    },
    refused: {
      description: '', meta,
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
    },
    enabled: {
      type: 'parallel',
      description: '', meta,
      on: {
        'app.active': { actions: ['markActive'] },
        'app.inactive': { actions: ['markInactive'] },
        'app.writeUncounted': { actions: ['negotiate'], meta: { clauses: ['A-3'] } },
        'app.close': { target: 'ended.closed', actions: ['answer', 'closeStream', 'returnClosed'], meta: { clauses: ['A-10', 'C-1'] } },
        'peer.a': [{ guard: 'lacksCount', target: 'ended.closed', actions: ['writeMissingCount', 'returnAfterViolation'], meta: { clauses: ['A-7', 'A-13'] } }, { target: 'ended.closed', actions: ['writeTooHigh', 'returnAfterViolation'], meta: { clauses: ['A-8', 'A-13'] } }],
        'peer.closed': { target: 'ended.closed', actions: ['answer', 'closeStream', 'returnClosed'], meta: { clauses: ['C-1', 'A-10'] } },
        'peer.error': [{ guard: 'mayReturn', target: 'hibernating', actions: ['closeStream', 'dropLink'], meta: { clauses: ['R-15'] } }, { target: 'ended.closed', actions: ['closeStream', 'returnClosed'], meta: { clauses: ['A-13'] } }],
        'timer.overflowGrace': { target: 'ended.closed', actions: ['writeOverflow', 'returnOverflow'], meta: { clauses: ['M-10'] } },
        'link.lost': [{ guard: 'isResumable', target: 'hibernating', actions: ['dropLink'], meta: { clauses: ['C-2'] } }, { target: 'ended.closed', actions: ['dropLink', 'returnLost'], meta: { clauses: ['C-3', 'A-13'] } }],
      },
      states: {
        acking: {
          initial: 'settled',
          description: '', meta,
          states: {
            settled: {
              description: '', meta,
              on: {
                'app.send': [{ guard: 'noRoom', actions: ['refuseFull'], meta: { clauses: ['S-2', 'M-10'] } }, { guard: 'mayWait', actions: ['hold'], meta: { clauses: ['P-3'] } }, { guard: 'askIsDue', target: 'awaitingAck', actions: ['track', 'requestAck'], meta: { clauses: ['P-1', 'M-5'] } }, { target: 'unacked', actions: ['track'], meta: { clauses: ['P-3'] } }],
                'app.requestAck': { target: 'awaitingAck', actions: ['requestAck'] },
                'app.active': { guard: 'holdsBack', target: 'awaitingAck', actions: ['markActive', 'release', 'requestAck'], meta: { clauses: ['P-3'] } },
                'peer.a': [{ guard: 'isLegal', actions: ['trimAcked'], meta: { clauses: ['A-6', 'A-11'] } }, { guard: 'isRegressed', actions: ['reportRegressed'], meta: { clauses: ['A-9'] } }],
              },
            },
            unacked: {
              entry: ['armAckIdle'],
              exit: ['clearAckIdle'],
              description: '', meta,
              on: {
                'app.send': [{ guard: 'noRoom', actions: ['refuseFull'], meta: { clauses: ['S-2', 'M-10'] } }, { guard: 'mayWait', actions: ['hold'], meta: { clauses: ['P-3'] } }, { guard: 'askIsDue', target: 'awaitingAck', actions: ['track', 'requestAck'], meta: { clauses: ['P-1', 'M-5'] } }, { actions: ['track'] }],
                'app.requestAck': { target: 'awaitingAck', actions: ['requestAck'] },
                'app.active': { target: 'awaitingAck', actions: ['markActive', 'release', 'requestAck'], meta: { clauses: ['P-3'] } },
                'app.inactive': { target: 'awaitingAck', actions: ['markInactive', 'requestAck'], meta: { clauses: ['P-1', 'P-3'] } },
                'timer.ackIdle': { target: 'awaitingAck', actions: ['requestAck'], meta: { clauses: ['P-1'] } },
                'peer.a': [{ guard: 'acksEverything', target: 'settled', actions: ['trimAcked'], meta: { clauses: ['A-4', 'A-6'] } }, { guard: 'isLegal', actions: ['trimAcked'], meta: { clauses: ['A-4', 'A-6'] } }, { guard: 'isRegressed', actions: ['reportRegressed'], meta: { clauses: ['A-9'] } }],
              },
            },
            awaitingAck: {
              initial: 'punctual',
              exit: ['clearAckWait'],
              description: '', meta,
              on: {
                'app.send': [{ guard: 'noRoom', actions: ['refuseFull'], meta: { clauses: ['S-2', 'M-10'] } }, { guard: 'mayWait', actions: ['hold'], meta: { clauses: ['P-3'] } }, { actions: ['track'], meta: { clauses: ['P-1'] } }],
                'app.requestAck': { actions: ['ignore'] },
                'app.active': { actions: ['markActive', 'release'], meta: { clauses: ['P-3'] } },
                'peer.a': [{ guard: 'acksEverything', target: 'settled', actions: ['trimAcked'], meta: { clauses: ['A-4'] } }, { guard: 'askIsDueAgain', target: '.punctual', actions: ['trimAcked', 'requestAck'], meta: { clauses: ['A-4', 'P-1', 'M-5'] } }, { guard: 'isLegal', target: 'unacked', actions: ['trimAcked'], meta: { clauses: ['A-4'] } }, { guard: 'isRegressed', actions: ['reportRegressed'], meta: { clauses: ['A-9'] } }],
              },
              states: {
                punctual: {
                  entry: ['armAckDelay'],
                  description: '', meta,
                  on: {
                    'timer.ackWait': { target: 'overdue', actions: ['reportAckDelayed'], meta: { clauses: ['P-2', 'M-4', 'M-6'] } },
                  },
                },
                overdue: {
                  entry: ['armDeadAfterDelay'],
                  description: '', meta,
                  on: {
                    'timer.ackWait': { target: 'dead', actions: ['destroyLink'], meta: { clauses: ['P-2'] } },
                  },
                },
                dead: {
                  description: '', meta,
                },
              },
            },
          },
        },
        inbound: {
          initial: 'counting',
          description: '', meta,
          states: {
            counting: {
              description: '', meta,
              on: {
                'peer.stanza': { actions: ['receive'], meta: { clauses: ['A-2', 'A-3', 'A-4', 'R-6'] } },
                'peer.r': { actions: ['answer'], meta: { clauses: ['A-5'] } },
                'app.handled': { actions: ['handle'], meta: { clauses: ['A-14'] } },
              },
            },
          },
        },
        capacity: {
          initial: 'roomy',
          description: '', meta,
          states: {
            roomy: {
              description: '', meta,
              on: {
                'app.send': [{ guard: 'noRoom', actions: ['ignore'] }, { guard: 'reachesLimit', target: 'overflowing', actions: ['reportPressure'], meta: { clauses: ['M-10'] } }, { guard: 'reachesPressure', target: 'pressed', actions: ['reportPressure'], meta: { clauses: ['M-10'] } }],
              },
            },
            pressed: {
              description: '', meta,
              on: {
                'app.send': [{ guard: 'noRoom', actions: ['ignore'] }, { guard: 'reachesLimit', target: 'overflowing', actions: ['reportPressure'], meta: { clauses: ['M-10'] } }, { guard: 'isRelieved', target: 'roomy' }],
              },
            },
            overflowing: {
              entry: ['armOverflowGrace'],
              exit: ['clearOverflowGrace'],
              description: '', meta,
              on: {
                'peer.a': { guard: 'drainsBelowLimit', target: 'pressed', meta: { clauses: ['M-10'] } },
              },
            },
          },
        },
      },
    },
    hibernating: {
      initial: 'unlinked',
      entry: ['armResumption', 'reportHibernationStart'],
      exit: ['clearResumption'],
      description: '', meta,
      on: {
        'app.send': [{ guard: 'noRoomWithoutLink', actions: ['refuseFull'], meta: { clauses: ['S-2', 'M-10'] } }, { actions: ['hold'] }],
        'app.handled': { actions: ['handle'], meta: { clauses: ['A-14'] } },
        'app.requestAck': { actions: ['ignore'] },
        'app.active': { actions: ['markActive'] },
        'app.inactive': { actions: ['markInactive'] },
        'app.close': { target: '#client.ended.expired', actions: ['closeStream', 'reportHibernationEnd', 'returnClosed'] },
        'timer.resumption': { target: '#client.ended.expired', actions: ['closeStream', 'reportHibernationEnd', 'reportExpired', 'returnExpired'], meta: { clauses: ['A-13'] } },
        'link.lost': [{ guard: 'resumptionIsOver', target: '#client.ended.expired', actions: ['dropLink', 'reportHibernationEnd', 'reportExpired', 'returnExpired'], meta: { clauses: ['A-13'] } }, { target: '.unlinked', actions: ['dropLink'], meta: { clauses: ['R-17'] } }],
        'peer.closed': [{ guard: 'resumptionIsOver', target: '#client.ended.expired', actions: ['closeStream', 'reportHibernationEnd', 'reportExpired', 'returnExpired'], meta: { clauses: ['A-13'] } }, { target: '.unlinked', actions: ['closeStream', 'dropLink'] }],
        'peer.error': [{ guard: 'resumptionIsOver', target: '#client.ended.expired', actions: ['closeStream', 'reportHibernationEnd', 'reportExpired', 'returnExpired'], meta: { clauses: ['A-13'] } }, { target: '.unlinked', actions: ['closeStream', 'dropLink'] }],
        'peer.violation': [{ guard: 'resumptionIsOver', target: '#client.ended.expired', actions: ['writeViolation', 'reportHibernationEnd', 'reportExpired', 'returnExpired'], meta: { clauses: ['S-3', 'A-13'] } }, { target: '.unlinked', actions: ['writeViolation', 'dropLink'], meta: { clauses: ['S-3'] } }],
      },
      states: {
        unlinked: {
          description: '', meta,
          on: {
            'link.opened': { target: 'unauthenticated', actions: ['takeLink'] },
            'app.close': { target: '#client.ended.expired', actions: ['reportHibernationEnd', 'returnClosed'] },
            'timer.resumption': { target: '#client.ended.expired', actions: ['reportHibernationEnd', 'reportExpired', 'returnExpired'], meta: { clauses: ['A-13'] } },
          },
        },
        unauthenticated: {
          description: '', meta,
          on: {
            'app.authenticating': { actions: ['carryResume', 'carryEnable'], meta: { clauses: ['I-5', 'R-1', 'R-3'] } },
            'app.authenticated': [{ guard: 'isAnotherOwner', target: '#client.disabled.authenticated', actions: ['takeOwner', 'reportHibernationEnd', 'returnAfterFailedResumption', 'forgetSession'], meta: { clauses: ['R-12', 'A-13'] } }, { guard: 'answersResume', target: 'resuming', actions: ['takeOwner'], meta: { clauses: ['I-5', 'R-3'] } }, { target: 'authenticated', actions: ['takeOwner'] }],
            'app.verified': [{ guard: 'isAnotherOwner', target: '#client.disabled.verified', actions: ['takeOwner', 'reportHibernationEnd', 'returnAfterFailedResumption', 'forgetSession'], meta: { clauses: ['R-12', 'A-12'] } }, { target: 'verified', actions: ['takeOwner'], meta: { clauses: ['M-9'] } }],
            'app.writeUncounted': { actions: ['negotiate'] },
            'peer.stanza': { actions: ['deliverUncounted'] },
          },
        },
        authenticated: {
          description: '', meta,
          on: {
            'app.resume': { target: 'resuming', actions: ['writeResume'], meta: { clauses: ['R-1', 'R-3'] } },
            'app.writeUncounted': { actions: ['negotiate'] },
            'app.bound': [{ guard: 'answersEnable', target: '#client.enabling', actions: ['reportHibernationEnd', 'returnAfterFailedResumption', 'forgetSession', 'beginOutbound'], meta: { clauses: ['A-1', 'A-13', 'I-5'] } }, { target: '#client.disabled.bound', actions: ['reportHibernationEnd', 'returnAfterFailedResumption', 'forgetSession'], meta: { clauses: ['A-13'] } }],
            'peer.stanza': { actions: ['deliverUncounted'] },
          },
        },
        resuming: {
          entry: ['armDead'],
          exit: ['clearAckWait'],
          description: '', meta,
          on: {
            'peer.resumed': [{ guard: 'resumesOurs', target: '#client.enabled.acking.awaitingAck', actions: ['reportReturn', 'takeResumed', 'replay', 'requestAck'], meta: { clauses: ['R-5', 'R-6', 'R-13'] } }, { guard: 'resumedTooHigh', target: '#client.ended.closed', actions: ['reportHibernationEnd', 'writeTooHigh', 'returnAfterViolation'], meta: { clauses: ['R-5', 'A-8'] } }, { target: '#client.ended.closed', actions: ['reportHibernationEnd', 'writeBadResumed', 'returnAfterViolation'], meta: { clauses: ['R-5', 'A-9'] } }],
            'peer.failed': { target: '#client.disabled.authenticated', actions: ['trimByFailed', 'reportHibernationEnd', 'reportResumptionFailed', 'returnAfterFailedResumption', 'forgetSession'], meta: { clauses: ['R-10', 'R-15', 'A-13'] } },
            'timer.resumption': { actions: ['ignore'] },
            'timer.ackWait': { actions: ['destroyLink'], meta: { clauses: ['P-2'] } },
          },
        },
        verified: {
          initial: 'ready',
          description: '', meta,
          states: {
            ready: {
              description: '', meta,
              on: {
                'app.resume': { target: 'resuming', actions: ['writeResume'], meta: { clauses: ['R-1', 'R-3'] } },
                'app.decline': { target: '#client.refused', actions: ['reportHibernationEnd', 'returnAfterFailedResumption', 'forgetSession'], meta: { clauses: ['A-12'] } },
                'app.writeUncounted': { actions: ['negotiate'] },
                'peer.stanza': { actions: ['deliverUncounted'] },
              },
            },
            resuming: {
              entry: ['armDead'],
              exit: ['clearAckWait'],
              description: '', meta,
              on: {
                'peer.resumed': [{ guard: 'resumesOurs', target: '#client.enabled.acking.awaitingAck', actions: ['reportReturn', 'takeResumed', 'replay', 'requestAck'], meta: { clauses: ['R-5', 'R-6', 'R-13'] } }, { guard: 'resumedTooHigh', target: '#client.ended.closed', actions: ['reportHibernationEnd', 'writeTooHigh', 'returnAfterViolation'], meta: { clauses: ['R-5', 'A-8'] } }, { target: '#client.ended.closed', actions: ['reportHibernationEnd', 'writeBadResumed', 'returnAfterViolation'], meta: { clauses: ['R-5', 'A-9'] } }],
                'peer.failed': { target: '#client.disabled.verified', actions: ['trimByFailed', 'reportHibernationEnd', 'reportResumptionFailed', 'returnAfterFailedResumption', 'forgetSession'], meta: { clauses: ['R-10', 'R-15', 'A-13'] } },
                'timer.resumption': { actions: ['ignore'] },
                'timer.ackWait': { actions: ['destroyLink'], meta: { clauses: ['P-2'] } },
              },
            },
          },
        },
      },
    },
    ended: {
      initial: 'closed',
      entry: ['reportEnded'],
      description: '', meta,
      on: {
        'app.send': { actions: ['refuseClosed'] },
        '*': { actions: ['ignore'] },
      },
      states: {
        closed: {
          description: '', meta,
        },
        expired: {
          description: '', meta,
        },
        superseded: {
          description: '', meta,
        },
      },
    },
  },
};
