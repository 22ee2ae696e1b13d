/**
 * The elements of stream management as plain data, named as in XEP-0198. They are nonzas: elements that are no stanzas and never count.
 */
import type { StanzaErrorCondition } from './failures.js';
import type { Uint32 } from './uint32.js';

export const SM_3 = 'urn:xmpp:sm:3';
/** The version before. A server reads it when an option says so, and answers in this version, as Prosody and ejabberd do. */
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
  /** The address at which the client reconnects first (E-7). */
  readonly location?: string;
}

export interface Resume {
  readonly name: 'resume';
  /** The SM-ID of the session. */
  readonly previd: string;
  readonly h: Uint32;
}

export interface Resumed {
  readonly name: 'resumed';
  /** The SM-ID of the session; '' when the peer gave no SM-ID. */
  readonly previd: string;
  /** Absent when the peer gave no h that is an unsignedInt. We always write an h. */
  readonly h?: Uint32;
}

export interface Failed {
  readonly name: 'failed';
  /** Absent when the peer gave no condition of RFC 6120. */
  readonly condition?: StanzaErrorCondition;
  readonly h?: Uint32;
  readonly text?: string;
}

export interface R {
  readonly name: 'r';
}

export interface A {
  readonly name: 'a';
  /** Absent when the peer gave no h that is an unsignedInt. We always write an h. */
  readonly h?: Uint32;
}

export type Nonza = Enable | Enabled | Resume | Resumed | Failed | R | A;

export type StanzaKind = 'message' | 'presence' | 'iq';
