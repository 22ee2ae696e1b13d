/** Finds the fault of a stream header, of a client or a server (RFC 6120 sections 4.7.5 and 4.8). */
import type { StreamHeader } from '../server.js';
import type { ContentNamespace } from '../xml.js';

/** @returns the stream error, or undefined when version and namespace are right: the caller checks the addresses */
export const headerFault = (
  { version = '' }: StreamHeader,
  defaultXmlns: string,
  contentNamespace: ContentNamespace,
): 'invalid-namespace' | 'unsupported-version' | undefined => {
  if (defaultXmlns !== contentNamespace) return 'invalid-namespace';
  return /^1[.]\d+$/.test(version) ? undefined : 'unsupported-version';
};
