/** What one top-level element is to a session: the bridge from XML to the events of the core. */
import type { Element } from 'ltx';
import type { PeerEvent } from '../core/events.js';
import { type ClassifyOptions, classify } from './incoming.js';

/**
 * @param at when it arrived, in milliseconds since the Unix epoch
 * @param epoch the connection it came on
 * @returns undefined for what is not the business of stream management: features, SASL, TLS, other nonzas
 */
export const peerEvent = (
  element: Element,
  options: ClassifyOptions,
  at: number,
  epoch: number,
): PeerEvent | undefined => {
  const incoming = classify(element, options);
  const on = { at, epoch };
  switch (incoming.kind) {
    case 'stanza':
      return { type: 'peer.stanza', ...on };
    case 'malformed':
      return { type: 'peer.malformed', ...on, xmlns: incoming.xmlns, refusal: incoming.failure };
    case 'streamError':
      return { type: 'peer.error', ...on, condition: incoming.condition };
    case 'other':
      return undefined;
    case 'nonza':
      break;
  }
  const { nonza, xmlns } = incoming;
  switch (nonza.name) {
    case 'enable':
      return { type: 'peer.enable', ...on, xmlns, ...without(nonza) };
    case 'enabled':
      return { type: 'peer.enabled', ...on, ...without(nonza) };
    case 'resume':
      return { type: 'peer.resume', ...on, xmlns, ...without(nonza) };
    case 'resumed':
      return { type: 'peer.resumed', ...on, ...without(nonza) };
    case 'failed':
      return { type: 'peer.failed', ...on, ...without(nonza) };
    case 'r':
      return { type: 'peer.r', ...on };
    case 'a':
      return { type: 'peer.a', ...on, ...without(nonza) };
  }
};

const without = <T extends { readonly name: string }>({ name: _name, ...rest }: T): Omit<T, 'name'> => rest;
