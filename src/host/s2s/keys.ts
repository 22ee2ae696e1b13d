/**
 * Dialback keys as XEP-0185 recommends: an HMAC over the names of a stream, under a secret of this process. The host
 * keeps no key: to check a key, it computes the key again.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** The names for which a key is made: the receiving server, the originating server, and the id that the receiving server gave the stream. */
export interface Claim {
  readonly receiving: string;
  readonly originating: string;
  readonly streamId: string;
}

export interface Keys {
  /** 64 hexadecimal digits. */
  make(claim: Claim): string;
  isOurs(key: string, claim: Claim): boolean;
}

/** @param secret 256 random bits by default; processes that answer for the same domain must share it */
export const createKeys = (secret = randomBytes(32).toString('hex')): Keys => {
  const hashed = createHash('sha256').update(secret).digest('hex');
  const make = ({ receiving, originating, streamId }: Claim): string =>
    createHmac('sha256', hashed).update(`${receiving} ${originating} ${streamId}`).digest('hex');
  return {
    make,
    isOurs(key, claim) {
      const [given, ours] = [Buffer.from(key), Buffer.from(make(claim))];
      return given.length === ours.length && timingSafeEqual(given, ours);
    },
  };
};
