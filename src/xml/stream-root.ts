/** Checks the root element of a stream, the stream header. */
import { type PeerViolation, peerViolation } from '../core/failures.js';
import { STREAMS } from './names.js';
import { noPrefixes, openScope, type Prefixes, prefixOf } from './namespaces.js';
import { notWellFormed } from './xml-faults.js';

/** The namespaces that the elements of the stream inherit. */
export interface StreamRoot {
  readonly prefixes: Prefixes;
  /** '' when the header declares no default namespace. */
  readonly defaultXmlns: string;
}

export const openRoot = (name: string, attributes: Readonly<Record<string, string>>): StreamRoot | PeerViolation => {
  const prefixes = openScope(name, attributes, noPrefixes(), () => undefined);
  if (typeof prefixes === 'string') return notWellFormed(prefixes);
  const prefix = prefixOf(name);
  const defaultXmlns = attributes.xmlns ?? '';
  if ((prefix === '' ? defaultXmlns : prefixes[prefix]) !== STREAMS)
    return peerViolation('invalid-namespace', `a stream is opened in ${STREAMS}`);
  if (name.slice(name.indexOf(':') + 1) !== 'stream')
    return peerViolation('bad-format', 'the root element of a stream is <stream/>');
  return { prefixes, defaultXmlns };
};
