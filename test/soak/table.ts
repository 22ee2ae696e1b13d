/** A run for people. */
import { loadavg } from 'node:os';
import { flatnessOf, TOLERANCE } from './memory.js';
import type { Progress, SoakResult } from './run.js';
import { totalOf } from './verdict.js';

export const lineOf = ({ at, sent, received, cuts, resumed, host }: Progress): string => {
  const { live, hibernating } = host.store;
  return [
    `${at.toFixed(0).padStart(4)} s  ${live} live, ${hibernating} hibernating`,
    `${sent} sent, ${received} received`,
    `${cuts} cuts, ${resumed} resumptions`,
    `host ${megabytes(host.memory)}`,
  ].join(' · ');
};

export const tableOf = (result: SoakResult): string => {
  const { accounts, cuts, early, resumed, enabled, readings, seconds, busy, end } = result;
  const total = totalOf(accounts);
  const { levels, slope } = flatnessOf(readings, seconds);
  const times = resumed.toSorted((a, b) => a - b);
  const made = Object.values(cuts).reduce((all, count) => all + count, 0);
  const kinds = Object.entries(cuts).map(([kind, count]) => `${kind} ${count}`);
  const rows: readonly (readonly [string, string])[] = [
    ['sessions', `${resumed.length}, begun ${enabled} times`],
    ['seconds', seconds.toFixed(1)],
    ['messages sent', `${total.sent}`],
    ['delivered', `${total.delivered}`],
    ['lost', `${total.lost}`],
    ['doubled', `${total.doubled}`],
    ['out of order', `${total.outOfOrder}`],
    ['receipts acked', `${total.receipts.acked}`],
    ['receipts failed', `${total.receipts.failed}`],
    ['receipts pending', `${total.receipts.pending}`],
    ['longest gap', `${(total.longestGap / 1000).toFixed(2)} s`],
    ['cuts', `${made}: ${kinds.join(', ')}; ${early} of them while a connection was being opened`],
    ['resumptions', `${times.reduce((all, count) => all + count, 0)}`],
    ['of each session', `${times[0]} to ${times.at(-1)}, ${times[times.length >> 1]} in the middle`],
    ['bursts', `${result.bursts}; a queue of the host was full ${end.full} times`],
    ['failed resumptions', `${result.faults.resumptionFailed ?? 0}`],
    [
      'memory of the host',
      `${levels.map(megabytes).join(', ')} in the quarters; ${TOLERANCE} times the second is flat`,
    ],
    ['its slope', `${(slope / 1024).toFixed(1)} KiB a second behind the first quarter`],
    [
      'at the end',
      `${megabytes(end.memory)}; ${end.running} sessions, ${end.sockets} sockets, store ${JSON.stringify(end.store)}`,
    ],
    [
      'computing',
      `host ${percent(busy.host)}, clients ${percent(busy.clients)} of a core; load ${loadavg()[0]?.toFixed(1)}`,
    ],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
};

const megabytes = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;
