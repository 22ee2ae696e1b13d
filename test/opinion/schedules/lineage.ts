/** An observer of one session from its `<enable/>` on, through all its links: what was sent, what arrived, what was handled. */
import type { Disagreement } from '../compare/compare.js';

export interface Half {
  /** The stanzas in the order in which they were first written. */
  readonly sent: string[];
  /** What the application at the other end has. */
  seen: Set<string>;
  /** What it took responsibility for: a new process still has these. */
  readonly handled: Set<string>;
}

export interface Lineage {
  /** From the client to the server. */
  readonly up: Half;
  readonly down: Half;
  /** A process went on from a record that is older than what it wrote: only the peer can tell what happened. */
  torn: boolean;
}

const half = (): Half => ({ sent: [], seen: new Set(), handled: new Set() });

export const newLineage = (): Lineage => ({ up: half(), down: half(), torn: false });

export const written = ({ sent }: Half, name: string) => {
  if (!sent.includes(name)) sent.push(name);
};

const broken = (law: string, seen: string): Disagreement => ({ about: `law: ${law}`, project: seen, model: law });

export const delivered = ({ sent, seen }: Half, name: string): Disagreement | null => {
  if (seen.has(name)) return broken('nothing is delivered twice', `${name} again`);
  const missing = sent.slice(0, sent.indexOf(name)).filter((earlier) => !seen.has(earlier));
  seen.add(name);
  return missing.length === 0 ? null : broken('what is delivered has no hole', `${name} before ${missing.join(' ')}`);
};

export const acknowledged = ({ handled }: Half, name: string): Disagreement | null =>
  handled.has(name) ? null : broken('h is never above what was handled', `${name} is acknowledged, and not handled`);

/** A new process has what the old one handled, and no more. */
export const forget = (of: Half) => {
  of.seen = new Set(of.handled);
};
