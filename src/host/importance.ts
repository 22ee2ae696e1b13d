/**
 * Which stanzas a client that nobody looks at need not be woken for (XEP-0352), as Prosody's mod_csi_simple judges it, and
 * ejabberd's mod_client_state in the main: presence that only updates, headlines, and messages with nothing to read or to
 * answer in them, such as chat states, receipts, markers and PEP events. What is not known to be one of these is important.
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

/** What this client asked for, what the user wrote elsewhere, and what there is to see: all but the last is as good as awaited. */
const isImportant = (message: Element): boolean =>
  message.getChild('result', 'urn:xmpp:mam:2') !== undefined ||
  message.getChild('sent', 'urn:xmpp:carbons:2') !== undefined ||
  saysSomething(unwrapped(message));
