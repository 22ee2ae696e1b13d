/** The application at one end of a pair: what it does, and all that it was told. */

import { hasEnded, type Report, type ReturnReason, type State } from '../index.js';
import type { RunningSession } from '../session/session.js';

/** A stanza that came out at one end. */
export interface Delivery {
  readonly key: string;
  /** Which managed session delivered it; a resumed session is the same one. */
  readonly session: number;
  /** Names it in `app.handled`; null when it was not counted. */
  readonly position: number | null;
}

export interface Return {
  readonly key: string;
  readonly reason: ReturnReason;
  readonly written: boolean;
}

/** The application at one end, and all that it was told. */
export interface Side {
  /** Sends a message that is known by `key`, `mayWait` as in `app.send`. False when there is no session yet to give it to. */
  send(key: string, mayWait?: boolean): boolean;
  /** Takes responsibility for a delivered stanza. False when its session is over. */
  handle(delivery: Delivery): boolean;
  /** Asks the peer what it has got. */
  probe(): void;
  /** The peer has become inactive, or is active again (XEP-0352). */
  tell(state: 'inactive' | 'active'): void;
  close(): void;
  readonly delivered: readonly Delivery[];
  /** Keys, in the order in which they were acknowledged. */
  readonly acknowledged: readonly string[];
  readonly returned: readonly Return[];
  readonly reports: readonly Report[];
  /** The session that counts: the newest that was enabled or resumed; a client's before that, too. */
  readonly state: State | undefined;
}

export interface Actor {
  readonly running: RunningSession;
  /** Which managed session this is; 0 before there is one. */
  session: number;
  /** The login on its connection asks for everything at once. */
  isInline: boolean;
}

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
  /** Who runs each managed session now, and the SM-ID it is known by. */
  const sessions: Actor[] = [];
  const bySmId = new Map<string, number>();

  const take = (report: Report, actor: Actor): void => {
    reports.push(report);
    const { smId } = actor.running.state.session;
    if (report.type === 'enabled') {
      actor.session = sessions.push(actor);
      if (smId !== null) bySmId.set(smId, actor.session);
      side.current = actor;
    } else if (report.type === 'resumed') {
      actor.session = bySmId.get(smId ?? '') ?? 0;
      sessions[actor.session - 1] = actor;
      side.current = actor;
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
      side.current?.running.tell({
        type: 'app.send',
        stanza: { xml: stanza, kind: 'message', type: '', key },
        mayWait,
      });
      return side.current !== undefined;
    },
    handle({ session, position }) {
      const actor = sessions[session - 1];
      if (actor === undefined || actor.session !== session || position === null) return false;
      if (hasEnded(actor.running.state)) return false;
      actor.running.tell({ type: 'app.handled', position });
      return true;
    },
    probe: () => side.current?.running.tell({ type: 'app.requestAck' }),
    tell: (state) => side.current?.running.tell({ type: `app.${state}` }),
    close: () => side.current?.running.tell({ type: 'app.close' }),
    get state() {
      return side.current?.running.state;
    },
  };
  return side;
};
