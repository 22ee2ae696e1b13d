/** The receipts without a final state, by the keys of their stanzas in the core. */
import type { Entry, Returned, ReturnReason } from '../../client.js';
import { CLIENT, Element } from '../../xml.js';
import { Ticket } from './receipt.js';

export class Outbox {
  readonly #open = new Map<string, Ticket>();
  /** Tickets in the order of acceptance, which is the order of writing. Tickets before `#next` are written, and perhaps some after it. */
  #unwritten: Ticket[] = [];
  #next = 0;
  #lastKey = 0;

  /** Whether every receipt has its final state. */
  get isSettled(): boolean {
    return this.#open.size === 0;
  }

  /** Serialises the stanza, only once. */
  accept(stanza: Element): Ticket {
    this.#lastKey += 1;
    const ticket = new Ticket(String(this.#lastKey), stanza, serialise(stanza));
    this.#open.set(ticket.key, ticket);
    this.#unwritten.push(ticket);
    return ticket;
  }

  /** The session wrote this text to a connection. */
  wrote(xml: string): void {
    let ticket = this.#unwritten[this.#next];
    for (; ticket !== undefined && ticket.state !== 'queued'; ticket = this.#unwritten[this.#next]) this.#next += 1;
    if (ticket?.xml === xml) {
      this.#next += 1;
      ticket.move('written');
    }
    if (this.#next >= this.#unwritten.length) this.#clear();
  }

  acknowledged(entries: readonly Entry[]): void {
    for (const { key } of entries) this.#take(key)?.move('acked');
  }

  failed(reason: ReturnReason, stanzas: readonly Returned[]): void {
    for (const { key, written } of stanzas) {
      const ticket = this.#take(key);
      if (ticket !== undefined && ticket === this.#unwritten.at(-1)) this.#unwritten.pop(); // the session refused the stanza
      ticket?.fail(reason, written);
    }
  }

  /** The tickets of returned stanzas that the adapter sends again. */
  reopen(stanzas: readonly Returned[]): readonly Ticket[] {
    const tickets = stanzas.flatMap(({ key }) => this.#open.get(key ?? '') ?? []);
    for (const ticket of tickets) this.#unwritten.push(ticket);
    return tickets;
  }

  #take(key: string | null): Ticket | undefined {
    const ticket = this.#open.get(key ?? '');
    this.#open.delete(key ?? '');
    if (this.#open.size === 0) this.#clear();
    return ticket;
  }

  #clear(): void {
    this.#unwritten = [];
    this.#next = 0;
  }
}

/**
 * The element as text, with the namespace of a client's stream. WebSocket frames need this namespace (RFC 7395 section 3.3.3), and
 * the transport is not known yet. The function does not change the caller's object.
 */
export const serialise = (element: Element): string => {
  if (element.attrs.xmlns !== undefined || element.name.includes(':')) return element.toString();
  const copy = new Element(element.name, { xmlns: CLIENT, ...element.attrs });
  copy.children = element.children;
  return copy.toString();
};
