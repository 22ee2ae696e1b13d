/** The needs of a check, and whether a server and a run meet them. */
import type { Facts } from './facts.js';

/** A feature that the server must offer, or a setting that the run must allow, before a check can run. */
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

/** Settings of a run that decide which checks can run. */
export interface Allowed {
  /** Seconds that a check may wait for a session to expire. */
  readonly wait: number;
  readonly stress: boolean;
  readonly initialCount: number;
  readonly websocket: boolean;
}

/** @returns why the need is not met; undefined when it is met */
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
