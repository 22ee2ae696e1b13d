/** What happened, as the harness saw it: a list of facts that only grows. The checker reads nothing else. */

/** A stanza, as far as the checker knows it. */
export type Stanza =
  /** The id names the message, wherever it is seen; `sound` when the text is the one that was sent. */
  | { readonly kind: 'message'; readonly id: string; readonly to: string; readonly sound: boolean }
  /** The server returned a message to its sender. */
  | { readonly kind: 'error'; readonly id: string }
  /** The mark names the stanza; the server's own words about a client that is gone have none. */
  | { readonly kind: 'presence'; readonly from: string; readonly available: boolean; readonly mark: string }
  | { readonly kind: 'other' };

/**
 * `by` is a client, named by its full JID. `session` names a session of stream management. `n` counts the stanzas of a session in one
 * direction: 1 for the first, and without a roll-over. `h` is what the wire says, from 0 to 2^32-1.
 */
export type What =
  | { readonly is: 'started' }
  /** The server accepts connections. */
  | { readonly is: 'up' }
  | { readonly is: 'killed'; readonly signal: 'SIGKILL' | 'SIGTERM'; readonly wasUp: boolean }
  /** The user of the client sees the presence of another user, a bare JID. Users see the presence of their own clients anyway. */
  | { readonly is: 'watches'; readonly user: string; readonly contact: string }
  /** The application gave a message or presence to its client. `to` is '' for presence. */
  | { readonly is: 'given'; readonly by: string; readonly name: string; readonly to: string }
  | { readonly is: 'linked' | 'unlinked' | 'binding'; readonly by: string }
  /** The harness broke the connection. */
  | { readonly is: 'cut'; readonly by: string; readonly how: string }
  /** `max` is the promise of the server, in seconds. */
  | { readonly is: 'enabled'; readonly by: string; readonly session: string; readonly max: number | undefined }
  | { readonly is: 'resuming' | 'resumed'; readonly by: string; readonly session: string; readonly h: number }
  | { readonly is: 'refused'; readonly by: string; readonly session: string; readonly h: number | undefined }
  /** The client forgot a session that could be resumed, and binds its resource anew. */
  | { readonly is: 'forgot'; readonly by: string; readonly session: string }
  /** The client closed the stream; `parted` when the server closed it too. */
  | { readonly is: 'left' | 'parted'; readonly by: string; readonly session: string }
  | { readonly is: 'wrote'; readonly by: string; readonly session: string; readonly n: number; readonly stanza: Stanza }
  /** `n` is undefined when the stanza came before `<enabled/>`: nobody counts it. */
  | {
      readonly is: 'got';
      readonly by: string;
      readonly session: string | undefined;
      readonly n: number | undefined;
      readonly stanza: Stanza;
    }
  /** The server's `<a/>`. */
  | { readonly is: 'heard'; readonly by: string; readonly session: string; readonly h: number }
  /** The client's `<a/>`. */
  | { readonly is: 'told'; readonly by: string; readonly session: string; readonly h: number }
  | { readonly is: 'streamError'; readonly by: string; readonly condition: string };

/** `at` is in milliseconds, of a clock that is never set back. */
export type Fact = What & { readonly at: number };

export interface Log {
  readonly facts: readonly Fact[];
  add(what: What): void;
  /** What comes later is not written down. */
  close(): void;
}

export const createLog = (now: () => number = () => performance.now()): Log => {
  const facts: Fact[] = [];
  let isOpen = true;
  return {
    facts,
    add(what) {
      if (isOpen) facts.push({ ...what, at: now() });
    },
    close() {
      isOpen = false;
    },
  };
};
