/** The stanzas of the harness: each carries its own name, so that it is known wherever it comes out. */
import type { Element } from 'ltx';
import type { Stanza } from '../log.js';

/** A message names itself twice, in its id and in its body: a server that mixes them up is found out. */
export const messageXml = (to: string, id: string, padding: string): string =>
  `<message to='${to}' id='${id}' type='chat'><body>${id} ${padding}</body></message>`;

export const presenceXml = (mark: string): string => `<presence><status>${mark}</status></presence>`;

/** Presence to somebody, of a type such as `subscribe`. */
export const presenceToXml = (to: string, type: string): string => `<presence to='${to}' type='${type}'/>`;

export const isStanza = ({ name }: Element): boolean => name === 'message' || name === 'presence' || name === 'iq';

export const readStanza = (element: Element): Stanza => {
  const { type = '', id = '', to = '', from = '' } = element.attrs as Record<string, string>;
  if (element.name === 'message') {
    if (type === 'error') return { kind: 'error', id };
    const body = element.getChildText('body') ?? '';
    return { kind: 'message', id, to, sound: body.startsWith(`${id} `) };
  }
  if (element.name === 'presence' && (type === '' || type === 'unavailable'))
    return { kind: 'presence', from, available: type === '', mark: element.getChildText('status') ?? '' };
  return { kind: 'other' };
};
