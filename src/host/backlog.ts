/**
 * What waits for a client that has just come: stanzas of the session that it replaces, and messages of the offline storage. They go out
 * as the queue of its session has room: the rest waits for the next acknowledgement, so that a long backlog does not end the session.
 */
import { hasTag, type Policy, type Returned } from '../index.js';
import type { RunningSession } from '../server.js';

export interface Backlog {
  /** Stanzas of the session that this one replaced, oldest first. Those of a later session come later. */
  readonly inherited: Returned[];
  /** The client can take what it inherited: it has enabled stream management, or announced itself. */
  isReady: boolean;
  /** The client takes messages for its account (XEP-0160): its presence is available, and its priority not negative. */
  takesStored: boolean;
}

export const emptyBacklog = (): Backlog => ({ inherited: [], isReady: false, takesStored: false });

/**
 * Messages and requests go on to the session that replaces theirs. The contacts tell the new session their presence anew, and the answers
 * are for requests that the new session did not send.
 */
export const isInherited = ({ kind, type }: Returned): boolean =>
  kind === 'message' || (kind === 'iq' && (type === 'get' || type === 'set'));

/** Takes the inherited stanzas that have room, oldest first. */
export const takeInherited = ({ inherited }: Backlog, room: Room): readonly Returned[] => {
  const waits = inherited.findIndex(({ xml }) => !room.take(Buffer.byteLength(xml)));
  return inherited.splice(0, waits < 0 ? inherited.length : waits);
};

/** How much the session takes now. */
export interface Room {
  /** @returns false when a stanza of this size must wait */
  take(size: number): boolean;
}

/**
 * A queue has room below 80 % of its limits: it reports pressure there. Without stream management there is no queue, and no acknowledgement
 * to wait for: everything goes out that a connection can take.
 */
export const roomIn = (session: RunningSession, policy: Policy): Room => {
  const isCounted = !hasTag(session.state, 'uncounted');
  let { stanzas, bytes } = isCounted ? fillOf(session) : { stanzas: 0, bytes: 0 };
  const most = isCounted ? policy.maxQueueStanzas * SHARE : Number.POSITIVE_INFINITY;
  const mostBytes = isCounted ? policy.maxQueueBytes * SHARE : MOST_UNCOUNTED;
  return {
    take(size) {
      const fits = stanzas === 0 || (stanzas + 1 < most && bytes + size < mostBytes);
      if (!canTake(session) || !fits) return false;
      stanzas += 1;
      bytes += size;
      return true;
    },
  };
};

const SHARE = 0.8;
/** Bytes: a connection without stream management ends when more than 15 MiB wait to be written. */
const MOST_UNCOUNTED = 12 * 1024 * 1024;

const fillOf = ({ state }: RunningSession) => ({
  stanzas: state.session.unacked.length,
  bytes: state.session.unacked.size,
});

const canTake = ({ state }: RunningSession): boolean => !hasTag(state, 'hibernating') && !hasTag(state, 'over');
