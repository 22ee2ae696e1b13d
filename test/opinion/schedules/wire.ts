/** A connection: what is under way in each direction, and what arrives of it. */
import type { Effect, SmEvent } from '../../../src/index.js';
import type { Lineage } from './lineage.js';

export type Item =
  | { readonly is: 'stanza'; readonly name: string }
  | {
      readonly is: 'nonza';
      readonly nonza: Extract<Effect, { type: 'write' }>['nonza'];
      readonly xmlns: string;
      readonly lineage: Lineage | null;
    }
  | { readonly is: 'error'; readonly condition: string }
  | { readonly is: 'end' };

export interface Connection {
  readonly id: number;
  readonly epoch: number;
  /** From the client to the server, and back. */
  up: Item[];
  down: Item[];
  /** Nothing arrives any more. */
  cut: boolean;
  /** The end still believes in its connection. */
  clientHolds: boolean;
  serverHolds: boolean;
}

export const nameOf = (xml: string) => /^<m>(.+)<\/m>$/.exec(xml)?.[1] ?? xml;

/** What a side puts on the wire. */
export const itemsOf = (effect: Effect, lineage: Lineage | null): readonly Item[] => {
  if (effect.type === 'transmit') return [{ is: 'stanza', name: nameOf(effect.xml) }];
  if (effect.type === 'replay') return effect.stanzas.map(({ xml }) => ({ is: 'stanza', name: nameOf(xml) }));
  if (effect.type === 'write') return [{ is: 'nonza', nonza: effect.nonza, xmlns: effect.xmlns, lineage }];
  if (effect.type === 'stream.error') return [{ is: 'error', condition: effect.violation.condition }];
  return [];
};

/** What arrives at the other end. */
export const eventOf = (item: Item, at: number, epoch: number): SmEvent => {
  const event = { at, epoch };
  if (item.is === 'stanza') return { type: 'peer.stanza', ...event };
  if (item.is === 'error') return { type: 'peer.error', ...event, condition: item.condition as 'reset' };
  if (item.is === 'end') return { type: 'peer.closed', ...event };
  const { name, ...fields } = item.nonza;
  const version = name === 'enable' || name === 'resume' ? { xmlns: item.xmlns } : {};
  return { type: `peer.${name}`, ...event, ...version, ...fields } as SmEvent;
};
