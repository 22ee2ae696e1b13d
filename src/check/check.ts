/** One behaviour of a server, to be seen from outside. */
import type { Facts } from './facts.js';
import type { Server } from './server.js';

/** What a failure of the check means: that a MUST is broken, or a SHOULD. */
export type Level = 'MUST' | 'SHOULD';

export interface Check {
  /** Names it on the command line. */
  readonly id: string;
  /** What a server does that passes. */
  readonly sentence: string;
  /** Ids of the clauses that ask for it. */
  readonly clauses: readonly string[];
  readonly level: Level;
  readonly needs: readonly Need[];
  /**
   * `together`: beside any others. `inbox`: no other check takes messages for the bare JIDs of its accounts meanwhile.
   * `alone`: nothing else uses its accounts. `last`: it may break the server for all others.
   */
  readonly runs: 'together' | 'inbox' | 'alone' | 'last';
  /** Rejects with a Finding when the server does something else. */
  run(server: Server): Promise<void>;
}

/** What a server has to offer, or a run to allow, for a check to make sense. */
export type Need =
  | 'resumption'
  | 'no-resumption'
  | 'expiry'
  | 'csi'
  | 'sasl2'
  | 'inline-resume'
  | 'inline-enable'
  | 'websocket'
  | 'tcp'
  | 'roll-over'
  | 'stress';

export interface CheckOptions {
  readonly clauses: readonly string[];
  readonly level?: Level;
  readonly needs?: readonly Need[];
  readonly runs?: Check['runs'];
}

export const check = (
  id: string,
  sentence: string,
  { clauses, level = 'MUST', needs = [], runs = 'together' }: CheckOptions,
  run: Check['run'],
): Check => ({ id, sentence, clauses, level, needs, runs, run });

/** Settings of a run that decide what can be checked. */
export interface Allowed {
  /** Seconds that a check may wait for a session to expire. */
  readonly wait: number;
  readonly stress: boolean;
  readonly initialCount: number;
  readonly websocket: boolean;
}

/** Why something that is needed is missing; undefined when it is there. */
export const lacks = (need: Need, facts: Facts, allowed: Allowed): string | undefined => {
  switch (need) {
    case 'resumption':
      return facts.resumable ? undefined : 'no session can be resumed here';
    case 'no-resumption':
      return facts.resumable ? 'sessions can be resumed here' : undefined;
    case 'expiry':
      if (!facts.resumable) return 'no session can be resumed here';
      if (facts.lifetime === undefined) return 'the server does not say how long it keeps a session';
      if (facts.lifetime <= allowed.wait) return undefined;
      return `sessions are kept for ${facts.lifetime} s at least, and --wait allows ${allowed.wait} s`;
    case 'csi':
      return facts.csi ? undefined : 'client state indication is not offered';
    case 'sasl2':
      return facts.sasl2 ? undefined : 'SASL2 is not offered';
    case 'inline-resume':
      return facts.inlineResume ? undefined : 'SASL2 is not offered with <sm/> inline';
    case 'inline-enable':
      return facts.inlineEnable ? undefined : 'BIND2 is not offered with stream management inline';
    case 'websocket':
      return allowed.websocket ? undefined : 'a matter of WebSocket';
    case 'tcp':
      return allowed.websocket ? 'not a matter of WebSocket' : undefined;
    case 'roll-over':
      return allowed.initialCount >= 2 ** 32 - 16
        ? undefined
        : 'the server has to be started near the roll-over (--initial-count)';
    case 'stress':
      return allowed.stress ? undefined : 'sends more than a client would (--stress)';
  }
};
