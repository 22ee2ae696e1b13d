/**
 * The elements that arrived on one stream, in order, and waits that name the expected element. Each wait has a time limit and
 * ends when the stream ends.
 */
import { Finding } from './finding.js';
import { type Match, streamError, summary } from './wire/conditions.js';
import type { Element } from './wire/element.js';

/** How a stream ended. */
export interface Ending {
  /** The stream error that the server sent before the end. */
  readonly error: Element | undefined;
  /** Whether the server closed the stream, and not only the connection. */
  readonly closed: boolean;
}

export class Arrivals {
  readonly #seen: Element[] = [];
  /** The elements that no wait has taken. */
  readonly #inbox: Element[] = [];
  readonly #waits = new Set<Wait>();
  readonly #awaitingEnd = new Set<(ending: Ending) => void>();
  readonly #note: (text: string) => void;
  #ending: Ending | undefined;
  #error: Element | undefined;

  /** @param note writes a line to the transcript */
  constructor(note: (text: string) => void) {
    this.#note = note;
  }

  /** All elements, also those that a wait has taken. */
  get seen(): readonly Element[] {
    return this.#seen;
  }

  get haveEnded(): boolean {
    return this.#ending !== undefined;
  }

  /** Gives the element to the first wait that matches it. A stream error ends all waits. */
  add(element: Element): void {
    this.#seen.push(element);
    if (streamError(element)) this.#error = element;
    const wait = [...this.#waits].find(({ match }) => match(element));
    if (wait === undefined) this.#inbox.push(element);
    else wait.settle(element);
    if (streamError(element)) this.#giveUp(summary(element));
  }

  /** The stream ended, and `why` says how; a second call has no effect. */
  end(closed: boolean, why: string): void {
    if (this.#ending !== undefined) return;
    this.#ending = { error: this.#error, closed };
    this.#giveUp(why);
    for (const tell of this.#awaitingEnd) tell(this.#ending);
  }

  /** Takes the first matching element that no earlier wait has taken; waits for it `within` milliseconds. */
  receive(what: string, match: Match, within: number): Promise<Element> {
    const index = this.#inbox.findIndex(match);
    const [early] = index < 0 ? [] : this.#inbox.splice(index, 1);
    if (early !== undefined) return Promise.resolve(early);
    if (this.#ending !== undefined || this.#error !== undefined) {
      const found = this.#error ? summary(this.#error) : 'the connection was closed';
      return Promise.reject(new Finding('fail', what, found));
    }
    return this.#wait(what, match, within);
  }

  /** Drops the matching elements, so that later waits do not take them. */
  forget(match: Match): void {
    const inbox = this.#inbox;
    for (let index = inbox.findIndex(match); index >= 0; index = inbox.findIndex(match)) inbox.splice(index, 1);
  }

  /** Rejects when a matching element has arrived or arrives within `during` milliseconds. */
  async silent(what: string, match: Match, during: number): Promise<void> {
    const found = this.#inbox.find(match) ?? (await this.receive(what, match, during).catch(() => undefined));
    if (found !== undefined) throw new Finding('fail', what, summary(found));
  }

  /** Waits `within` milliseconds for the stream to end. */
  ended(what: string, within: number): Promise<Ending> {
    if (this.#ending !== undefined) return Promise.resolve(this.#ending);
    return new Promise((resolve, reject) => {
      const tell = (how: Ending): void => {
        clearTimeout(late);
        this.#awaitingEnd.delete(tell);
        resolve(how);
      };
      const late = setTimeout(() => {
        this.#awaitingEnd.delete(tell);
        reject(new Finding('fail', what, 'the stream goes on'));
      }, within);
      this.#awaitingEnd.add(tell);
    });
  }

  #wait(what: string, match: Match, within: number): Promise<Element> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        clearTimeout(late);
        this.#waits.delete(wait);
      };
      const wait: Wait = {
        match,
        settle(element) {
          done();
          resolve(element);
        },
        give: (found) => {
          done();
          this.#note(`waited for ${what}`);
          reject(new Finding('fail', what, found));
        },
      };
      const late = setTimeout(() => wait.give('no answer'), within);
      this.#waits.add(wait);
    });
  }

  #giveUp(found: string): void {
    for (const { give } of [...this.#waits]) give(found);
  }
}

/** A wait ends with its element, or with the event that came in place of the element. */
interface Wait {
  readonly match: Match;
  settle(element: Element): void;
  give(found: string): void;
}
