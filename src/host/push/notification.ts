/** The XML of a notification (XEP-0357 section 7), and the forms in and around it (XEP-0004). */
import { Element } from '../../xml.js';
import type { Destination, Registration } from './registrations.js';

export const NS_FORM = 'jabber:x:data';
const NS_PUBSUB = 'http://jabber.org/protocol/pubsub';

/** The body of every notification, so that the app server does not learn the message: mod_cloud_notify's push_notification_important_body. */
const PLACEHOLDER = 'New Message!';

/**
 * Publishes the number of new messages, and neither their senders nor their content.
 * The registration's id and number make the id of the request.
 */
export const notification = (registration: Registration, from: string, count: number): Element => {
  const { jid, node, options, id, published } = registration;
  const iq = new Element('iq', { type: 'set', from, to: jid, id: `${id}/${published}` });
  const pubsub = iq.c('pubsub', { xmlns: NS_PUBSUB });
  pubsub
    .c('publish', node === undefined ? {} : { node })
    .c('item')
    .c('notification', { xmlns: 'urn:xmpp:push:0' })
    .cnode(
      form([
        ['FORM_TYPE', ['urn:xmpp:push:summary']],
        ['message-count', [`${count}`]],
        ['last-message-body', [PLACEHOLDER]],
      ]),
    );
  if (options.length > 0) pubsub.c('publish-options').cnode(form(options));
  return iq;
};

export const fieldsOf = (form: Element): Destination['options'] =>
  form.getChildren('field').map((field) => [field.attrs.var ?? '', field.getChildren('value').map((v) => v.getText())]);

const form = (fields: Destination['options']): Element => {
  const x = new Element('x', { xmlns: NS_FORM, type: 'submit' });
  for (const [name, values] of fields) {
    const field = x.c('field', { var: name, ...(name === 'FORM_TYPE' && { type: 'hidden' }) });
    for (const value of values) field.c('value').t(value);
  }
  return x;
};
