/** The application at one end of a pair: its actions, and a record of all that the session reported to it. */

import { hasTag, type Report, type ReturnReason, type State } from '../index.js';
import type { RunningSession } from '../session/running-session.js';

/** A stanza that came out at one end. */
export interface Delivery {
  readonly key: string;
  /** The number of the managed session that delivered the stanza; a resumed session keeps its number. */
  readonly session: number;
  /** The position for `RunningSession.handled`; null when the stanza was not counted. */
  readonly position: number | null;
}

export interface Return {
  readonly key: string;
  readonly reason: ReturnReason;
  readonly written: boolean;
}

/** The application at one end, and a record of all that the session reported to it. */
export interface Side {
  /** Sends a message with this key; `mayWait` as in `RunningSession.send`. False when there is no session yet. */
  send(key: string, mayWait?: boolean): boolean;
  /** Marks a delivered stanza as handled. False when its session is over. */
  handle(delivery: Delivery): boolean;
  /** Asks the peer for an acknowledgement. */
  requestAck(): void;
  /** The peer has become inactive (XEP-0352). */
  inactive(): void;
  /** The peer is active again. */
  active(): void;
  /** Ends the present session; nothing when there is no session. */
  close(): void;
  readonly delivered: readonly Delivery[];
  /** Keys of stanzas, in the order of their acknowledgements. */
  readonly acknowledged: readonly string[];
  readonly returned: readonly Return[];
  readonly reports: readonly Report[];
  /** The present session: the newest enabled or resumed session; at a client also the session before that. */
  readonly state: State | undefined;
}

/** The data that a pair keeps with each running session. */
export interface Acted {
  /** The number of the managed session; 0 before stream management is on. */
  session: number;
  /** True when the login on its connection carries all requests at once. */
  isInline: boolean;
}

export type Actor = RunningSession<Acted>;

export interface Application extends Side {
  current: Actor | undefined;
  readonly delivered: Delivery[];
  take(report: Report, actor: Actor): void;
}

export const createApplication = (): Application => {
  const delivered: Delivery[] = [];
  const acknowledged: string[] = [];
  const returned: Return[] = [];
  const reports: Report[] = [];
  /** The running session and the SM-ID of each managed session. */
  const sessions: Actor[] = [];
  const bySmId = new Map<string, number>();

  const take = (report: Report, actor: Actor): void => {
    reports.push(report);
    const { smId, data } = actor;
    if (report.type === 'enabled') {
      data.session = sessions.push(actor);
      if (smId !== null) bySmId.set(smId, data.session);
      side.current = actor;
    } else if (report.type === 'resumed') {
      data.session = bySmId.get(smId ?? '') ?? 0;
      sessions[data.session - 1] = actor;
      side.current = actor;
    } else if (report.type === 'hibernationEnd' && !report.resumed) {
      // The session is over: its stanzas can no longer be handled.
      data.session = 0;
    } else if (report.type === 'acknowledged') {
      acknowledged.push(...report.stanzas.map(({ key }) => key ?? ''));
    } else if (report.type === 'returned') {
      const { reason } = report;
      returned.push(...report.stanzas.map(({ key, written }) => ({ key: key ?? '', reason, written })));
    }
  };

  const side: Application = {
    current: undefined,
    delivered,
    acknowledged,
    returned,
    reports,
    take,
    send(key, mayWait = false) {
      const stanza = `<message id='${key}'/>`;
      side.current?.send({ xml: stanza, kind: 'message', type: '', key, mayWait });
      return side.current !== undefined;
    },
    handle({ session, position }) {
      const actor = sessions[session - 1];
      if (actor === undefined || actor.data.session !== session || position === null) return false;
      if (hasTag(actor.state, 'over')) return false;
      actor.handled(position);
      return true;
    },
    requestAck: () => side.current?.requestAck(),
    inactive: () => side.current?.inactive(),
    active: () => side.current?.active(),
    close: () => side.current?.close(),
    get state() {
      return side.current?.state;
    },
  };
  return side;
};
