/** Converts one top-level element from XML to an event of the core. */

import type { PeerEvent } from '../core/events.js';
import { decodeFromServer } from './client-nonza-codec.js';
import type { Element } from './element.js';
import { type ClassifyOptions, classify, classifyWith, type Incoming } from './incoming.js';

/**
 * @param at the time of arrival, in milliseconds since the Unix epoch
 * @param epoch the connection on which the element arrived
 * @returns undefined for an element outside stream management: features, SASL, TLS, other nonzas
 */
export const peerEvent = (
  element: Element,
  options: ClassifyOptions,
  at: number,
  epoch: number,
): PeerEvent | undefined => eventFrom(classify(element, options), at, epoch);

/** The same for a client: `<enable/>` and `<resume/>` are malformed, because no server sends them. */
export const peerEventFromServer: typeof peerEvent = (element, options, at, epoch) =>
  eventFrom(classifyWith(decodeFromServer, element, options), at, epoch);

const eventFrom = (incoming: Incoming, at: number, epoch: number): PeerEvent | undefined => {
  switch (incoming.kind) {
    case 'stanza':
      return { type: 'peer.stanza', at, epoch };
    case 'malformed':
      return { type: 'peer.malformed', at, epoch, xmlns: incoming.xmlns, refusal: incoming.failure };
    case 'streamError':
      return { type: 'peer.error', at, epoch, condition: incoming.condition };
    case 'nonza':
      return eventOf(incoming, at, epoch);
    case 'other':
      return undefined;
  }
};

/** The event has the fields of the element, and for a request the namespace too, because the answer uses the same namespace. */
const eventOf = ({ nonza, xmlns }: Incoming & { kind: 'nonza' }, at: number, epoch: number): PeerEvent => {
  const { name, ...fields } = nonza;
  const isRequest = name === 'enable' || name === 'resume';
  return { type: `peer.${name}`, at, epoch, ...(isRequest && { xmlns }), ...fields } as PeerEvent;
};
