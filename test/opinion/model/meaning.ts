/** Which events mean something at all: the others are misuse, or dropped, in every state. */
import type { Ev } from './event.js';
import type { Model } from './model.js';

/** The event is none that the embedder may give: it is reported, and nothing changes (law 2). */
export const isMalformed = (model: Model, event: Ev): boolean => {
  if (!Number.isFinite(event.at)) return true;
  if (isOnLink(event) && !(Number.isInteger(event.epoch) && event.epoch >= 1)) return true;
  if (event.type === 'link.opened') return !(event.epoch > model.epoch);
  if (event.type === 'app.send') return !isStanza(event.stanza);
  if (event.type === 'app.authenticated' || event.type === 'app.verified') return !isName(event.owner);
  if (event.type === 'app.keepFor')
    return !['ended', 'cancelling'].includes(model.phase) && !(event.seconds >= 0 && event.seconds < 2 ** 32);
  if (event.type === 'store.saved') return !isName(event.smId);
  if (event.type === 'store.tooHigh') return !isUint32(event.sendCount);
  if (event.type === 'store.expired' || event.type === 'store.stale') return !isUint32(event.h);
  return false;
};

/** Events of another link are dropped (law 6). */
export const isOfAnotherLink = (model: Model, event: Ev): boolean =>
  event.type !== 'link.opened' && isOnLink(event) && event.epoch !== model.epoch;

/** A session that is over still says what is misuse, and what has become of stanzas. */
export const isLate = ({ type }: Ev): boolean =>
  type.startsWith('peer.') ||
  type.startsWith('timer.') ||
  type === 'link.lost' ||
  (type.startsWith('store.') && type !== 'store.saved' && type !== 'store.claimed') ||
  type === 'app.close' ||
  type === 'app.requestAck' ||
  type === 'app.keepFor' ||
  type === 'app.inactive' ||
  type === 'app.active';

const isOnLink = (event: Ev): event is Extract<Ev, { epoch: number }> => /^(peer|link)\./.test(event.type);

const isName = (value: unknown) => typeof value === 'string' && value !== '';

const isUint32 = (value: unknown) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 32;

const isStanza = (value: unknown) => {
  if (typeof value !== 'object' || value === null) return false;
  const { xml, kind, type } = value as Record<string, unknown>;
  return (
    typeof xml === 'string' && typeof type === 'string' && (kind === 'message' || kind === 'presence' || kind === 'iq')
  );
};
