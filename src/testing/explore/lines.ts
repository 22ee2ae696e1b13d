/** A history as lines for people: who writes what, what arrives, what is cut, which timer fires. */
import { type Nonza, type Role, SM_3, type SmNamespace } from '../../index.js';
import { encodeNonza } from '../../xml.js';
import type { Item } from './world.js';

/** `C:` and `S:` say who writes, as in XEP-0198. */
export const wireLine = (from: Role, item: Item, isLost: boolean): string =>
  `  ${from === 'client' ? 'C' : 'S'}: ${itemLine(item)}${isLost ? '   (lost: the connection is dead)' : ''}`;

export const itemLine = (item: Item): string => {
  switch (item.type) {
    case 'stanza':
      return `<message id='${item.key}'/>`;
    case 'nonza':
      return nonzaLine(item.nonza, item.xmlns);
    case 'stray':
      return `${nonzaLine(item.nonza, 'urn:xmpp:sm:2')} (the client's embedder expects a refusal)`;
    case 'bind':
      return '<bind/>';
    case 'login':
      return `<authenticate>${inner(item.resume)}<bind>${inner(item.enable)}</bind></authenticate>`;
    case 'success':
      return `<success>${inner(item.resumption)}${item.isBound ? `<bound>${inner(item.bound)}</bound>` : ''}</success>`;
    case 'error':
      return `<stream:error><${item.condition}/></stream:error>`;
    case 'end':
      return '</stream:stream>';
  }
};

/** In the usual namespace, which is left out. */
export const nonzaLine = (nonza: Nonza, xmlns: SmNamespace = SM_3): string =>
  encodeNonza(nonza, xmlns).replace(/ xmlns='urn:xmpp:sm:3'| xmlns='urn:ietf:[^']*'| xml:lang='en'/g, '');

const inner = (nonza: Nonza | null): string => (nonza === null ? '' : nonzaLine(nonza));
