/** A run for people. */
import { FAULTS, type Fault } from './check/fault.js';
import type { Fact } from './log.js';

/** @param excused messages that may have been lost by right */
export const tableOf = (server: string, facts: readonly Fact[], faults: readonly Fault[], excused: number): string => {
  const count = (holds: (fact: Fact) => boolean): number => facts.filter(holds).length;
  const killed = (signal: string, wasUp: boolean): number =>
    count((fact) => fact.is === 'killed' && fact.signal === signal && fact.wasUp === wasUp);
  const cuts = facts.flatMap((fact) => (fact.is === 'cut' ? [fact.how] : []));
  const kinds = [...new Set(cuts)].sort().map((kind) => `${kind} ${cuts.filter((how) => how === kind).length}`);
  const rows: readonly (readonly [string, string])[] = [
    ['server', server],
    [
      'deaths',
      `${killed('SIGKILL', true)} by SIGKILL, ${killed('SIGKILL', false)} more during a start, ${count((fact) => fact.is === 'killed' && fact.signal === 'SIGTERM')} by SIGTERM`,
    ],
    ['cuts', `${cuts.length}: ${kinds.join(', ')}`],
    [
      'sessions',
      `${count(({ is }) => is === 'enabled')} begun, ${count(({ is }) => is === 'resumed')} resumptions, ${count(({ is }) => is === 'refused')} refused`,
    ],
    [
      'messages',
      `${count((fact) => fact.is === 'given' && fact.to !== '')} sent, ${count((fact) => fact.is === 'got' && fact.stanza.kind === 'message')} received, ${count((fact) => fact.is === 'got' && fact.stanza.kind === 'error')} returned, ${excused} on a wire without stream management`,
    ],
    ...FAULTS.map((kind) => [kind, `${faults.filter((fault) => fault.kind === kind).length}`] as const),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n');
};

/** A few of each kind, to begin with. */
export const examplesOf = (faults: readonly Fault[], most = 3): readonly string[] =>
  FAULTS.flatMap((kind) => faults.filter((fault) => fault.kind === kind).slice(0, most)).map(
    ({ kind, text, at }) => `${(at / 1000).toFixed(3)} s  ${kind}: ${text}`,
  );
