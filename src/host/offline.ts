import type { Element } from '../xml.js';
import { readStored } from './stored-stanza.js';

/** Messages that wait for their account to come online. */
export interface OfflineStorage {
  /**
   * @param account a bare JID that has an account: the number of accounts limits the number of mailboxes
   * @param message with a delay stamp already (XEP-0203)
   * @returns false when the account's storage is full: the message is not kept, and the sender gets `service-unavailable` (XEP-0160)
   */
  store(account: string, message: Element): boolean;
  /** Whether messages wait for the account. */
  holds(account: string): boolean;
  /**
   * Returns messages of an account, oldest first, and removes them.
   * @param hasRoom whether a message of this many bytes can go out now; the first message that cannot stays, and so do the later ones
   */
  take(account: string, hasRoom?: (bytes: number) => boolean): readonly Element[];
}

export interface OfflineLimits {
  /** Messages per account; 100 by default. */
  readonly maxMessages?: number;
  /** Bytes of serialised messages per account; 1 MiB by default. */
  readonly maxBytes?: number;
}

/** Offline storage in memory: it ends with the process. */
export const createOfflineStorage = ({ maxMessages = 100, maxBytes = 2 ** 20 }: OfflineLimits = {}): OfflineStorage => {
  const boxes = new Map<string, { readonly messages: string[]; bytes: number }>();
  return {
    store(account, message) {
      const box = boxes.get(account) ?? { messages: [], bytes: 0 };
      // As text, because a parsed message of many small elements takes far more memory than its text.
      const text = message.toString();
      const bytes = box.bytes + Buffer.byteLength(text);
      if (box.messages.length >= maxMessages || bytes > maxBytes) return false;
      box.messages.push(text);
      box.bytes = bytes;
      boxes.set(account, box);
      return true;
    },
    holds: (account) => boxes.has(account),
    take(account, hasRoom = () => true) {
      const box = boxes.get(account);
      if (box === undefined) return [];
      const waits = box.messages.findIndex((text) => !hasRoom(Buffer.byteLength(text)));
      const taken = box.messages.splice(0, waits < 0 ? box.messages.length : waits);
      for (const text of taken) box.bytes -= Buffer.byteLength(text);
      if (box.messages.length === 0) boxes.delete(account);
      return taken.flatMap((text) => readStored(text) ?? []);
    },
  };
};
