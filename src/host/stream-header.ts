/** What is wrong with a stream header, whichever end it comes from (RFC 6120 sections 4.7.5 and 4.8). */
import type { StreamHeader } from '../session/xml-stream.js';
import type { ContentNamespace } from '../xml.js';

/** @returns the stream error, or undefined when version and namespace are right: addresses are the caller's to judge */
export const headerFault = (
  { version = '' }: StreamHeader,
  defaultXmlns: string,
  contentNamespace: ContentNamespace,
): 'invalid-namespace' | 'unsupported-version' | undefined => {
  if (defaultXmlns !== contentNamespace) return 'invalid-namespace';
  return /^1[.]\d+$/.test(version) ? undefined : 'unsupported-version';
};
