/**
 * A message for a bare JID goes to several resources, as copies that carry one key. When the message arrives at no resource,
 * the copy that fails last is returned or stored; the other copies are dropped when they fail.
 */
export interface Copies {
  /** Registers a message with this number of copies. @returns their key */
  open(count: number): string;
  /** A copy reached its client. */
  arrived(key: string): void;
  /** A copy failed. @returns whether this copy is to be returned or stored */
  failed(key: string): boolean;
}

export const createCopies = (): Copies => {
  // The limits of the queues limit this map: a key lives as long as a copy is unacknowledged.
  const messages = new Map<string, { pending: number; arrived: boolean }>();
  let last = 0;

  const settle = (key: string, arrived: boolean): boolean => {
    const message = messages.get(key);
    if (message === undefined) return false;
    message.pending -= 1;
    message.arrived ||= arrived;
    if (message.pending === 0) messages.delete(key);
    return message.pending === 0 && !message.arrived;
  };

  return {
    open(count) {
      last += 1;
      messages.set(`${last}`, { pending: count, arrived: false });
      return `${last}`;
    },
    arrived: (key) => void settle(key, true),
    failed: (key) => settle(key, false),
  };
};
