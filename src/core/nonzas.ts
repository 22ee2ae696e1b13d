/**
 * The elements of stream management as plain data, named as in XEP-0198. Nonzas are never counted.
 */
import type { StanzaErrorCondition } from './failures.js';
import type { Uint32 } from './uint32.js';

export const SM_3 = 'urn:xmpp:sm:3';
/** The version before; read by option, as Prosody and ejabberd do, and answered in kind. */
export const SM_2 = 'urn:xmpp:sm:2';
export type SmNamespace = typeof SM_3 | typeof SM_2;

export interface Enable {
  readonly name: 'enable';
  readonly resume: boolean;
  /** The client's wish in seconds (E-6). */
  readonly max?: number;
}

export interface Enabled {
  readonly name: 'enabled';
  readonly resume: boolean;
  /** The SM-ID; present exactly when `resume` is true (E-5). */
  readonly id?: string;
  /** Seconds the server will keep the session (E-6). */
  readonly max?: number;
  /** Where to reconnect first (E-7). */
  readonly location?: string;
}

export interface Resume {
  readonly name: 'resume';
  /** The SM-ID of the former stream. */
  readonly previd: string;
  readonly h: Uint32;
}

export interface Resumed {
  readonly name: 'resumed';
  /** '' when the peer gave none. */
  readonly previd: string;
  /** Absent when the peer gave none that is an unsignedInt; always written. */
  readonly h?: Uint32;
}

export interface Failed {
  readonly name: 'failed';
  /** Absent when the peer named none that RFC 6120 knows. */
  readonly condition?: StanzaErrorCondition;
  readonly h?: Uint32;
  readonly text?: string;
}

export interface R {
  readonly name: 'r';
}

export interface A {
  readonly name: 'a';
  /** Absent when the peer gave none that is an unsignedInt; always written. */
  readonly h?: Uint32;
}

export type Nonza = Enable | Enabled | Resume | Resumed | Failed | R | A;

export type StanzaKind = 'message' | 'presence' | 'iq';
