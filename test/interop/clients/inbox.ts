import type { Element } from '../../../src/xml.js';
import type { Message } from './client.js';
import { Condition } from './condition.js';

/** The messages a client has received. */
export class Inbox {
  readonly messages: Message[] = [];
  readonly #added = new Condition();

  constructor(readonly onMessage: ((message: Message) => void) | undefined) {}

  add(stanza: Element): void {
    if (!stanza.is('message')) return;
    const { id = '', type = 'normal' } = stanza.attrs;
    const message = { id: String(id), type: String(type), body: stanza.getChildText('body') ?? '' };
    this.messages.push(message);
    this.onMessage?.(message);
    this.#added.changed();
  }

  received(count: number): Promise<void> {
    return this.#added.until(() => this.messages.length >= count, `${count} messages`);
  }
}
