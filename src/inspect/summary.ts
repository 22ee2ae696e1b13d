/** Describes a session for the page. */
import { sent } from '../core/session.js';
import { hasTag, type State, toArray } from '../index.js';
import { isHidden } from './hide.js';
import type { DetailMessage, LoggedStep, QueuedStanza, Status, Summary } from './messages.js';

/** What the watch knows of a session. */
export interface Inspected {
  readonly id: number;
  readonly name: string;
  readonly state: State;
  readonly steps: number;
  /** The number of steps that all sessions had made at the end of this session's last step. */
  readonly changed: number;
}

export type Detail = Omit<DetailMessage, 'now' | 'of' | 'disagreement'>;

export const summaryOf = ({ id, name, state, steps }: Inspected): Summary => ({
  id,
  name,
  role: state.role,
  status: statusOf(state),
  configuration: state.configuration,
  unacked: state.session.unacked.length,
  steps,
});

export const detailOf = (inspected: Inspected, log: readonly LoggedStep[]): Detail => {
  const { session } = inspected.state;
  const { received, handled, acked, unacked, written } = session;
  return {
    ...summaryOf(inspected),
    counters: { received, handled, acked, written, sent: sent(session), unacked: unacked.length, size: unacked.size },
    timers: session.timers,
    queue: queueOf(inspected.state),
    log,
  };
};

const statusOf = (state: State): Status => {
  if (hasTag(state, 'over')) return 'ended';
  if (hasTag(state, 'enabled')) return 'enabled';
  if (hasTag(state, 'hibernating')) return 'hibernating';
  return hasTag(state, 'unmanaged') ? 'unmanaged' : 'negotiating';
};

const queueOf = ({ session: { unacked, written } }: State): readonly QueuedStanza[] =>
  toArray(unacked)
    .slice(0, LONGEST_QUEUE)
    .map(({ kind, type, at, xml }, index) => ({
      kind,
      type: clipped(type, LONGEST_NAME),
      at,
      written: index < written,
      size: xml.length,
      xml: isHidden(xml) ? null : clipped(xml, LONGEST_XML),
    }));

export const clipped = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length)}…`;

/** The greatest length of a name, in characters. */
export const LONGEST_NAME = 300;
const LONGEST_XML = 2000;
const LONGEST_QUEUE = 50;
