/**
 * The stanzas that an inactive client does not get at once (XEP-0352): updates of presence, headlines, and messages
 * without content for the user, such as chat states, receipts, markers and PEP events. Every other stanza is
 * important.
 * Prosody's mod_csi_simple has the same rules, and ejabberd's mod_client_state has most of them.
 */
import type { Element } from '../xml.js';
import { saysSomething, unwrapped } from './message-content.js';

export const mayWait = (stanza: Element): boolean => {
  const { type } = stanza.attrs;
  switch (stanza.getName()) {
    case 'presence':
      return type === undefined || type === 'unavailable' || type === 'error';
    case 'message':
      return type === 'headline' || (type !== 'error' && !isImportant(stanza));
    default:
      return false;
  }
};

/** An archived message that the client asked for, a message that the user wrote on another device, or a message with visible content. */
const isImportant = (message: Element): boolean =>
  message.getChild('result', 'urn:xmpp:mam:2') !== undefined ||
  message.getChild('sent', 'urn:xmpp:carbons:2') !== undefined ||
  saysSomething(unwrapped(message));
