/** Writes logs for the tests of the checker: each call adds the facts of one event. */
import type { Fact, Stanza, What } from '../log.js';
import { bareOf } from './history.js';

interface Side {
  session: string;
  count: number;
  written: number;
  got: number;
  marks: number;
}

/** Milliseconds from one fact to the next. */
const STEP = 10;

export class Story {
  readonly facts: Fact[] = [];
  #now = 0;
  readonly #sides = new Map<string, Side>();

  add(what: What): this {
    this.#now += STEP;
    this.facts.push({ ...what, at: this.#now });
    return this;
  }

  /** Seconds go by. */
  wait(seconds: number): this {
    this.#now += seconds * 1000;
    return this;
  }

  watches(user: string, contact: string): this {
    return this.add({ is: 'watches', user, contact });
  }

  /** A new session begins: the client sends its presence, and the server acknowledges it. */
  login(by: string, max = 10): this {
    const { count = 0, marks = 0 } = this.#sides.get(by) ?? {};
    const session = `${by}#${count + 1}`;
    this.#sides.set(by, { session, count: count + 1, written: 0, got: 0, marks });
    this.add({ is: 'linked', by }).add({ is: 'binding', by }).add({ is: 'enabled', by, session, max });
    return this.presence(by).hear(by);
  }

  /** An update of presence, with a mark of its own. */
  presence(by: string): this {
    const side = this.#side(by);
    side.marks += 1;
    const mark = `${by}:${side.marks}`;
    this.add({ is: 'given', by, name: mark, to: '' });
    return this.#write(by, { kind: 'presence', from: '', available: true, mark });
  }

  /** The newest presence of a client. */
  mark(by: string): string {
    return `${by}:${this.#side(by).marks}`;
  }

  send(by: string, id: string, to: string): this {
    return this.add({ is: 'given', by, name: id, to }).write(by, id, to);
  }

  write(by: string, id: string, to: string): this {
    return this.#write(by, { kind: 'message', id, to, sound: true });
  }

  /** The server acknowledges everything that the client wrote, or so many. */
  hear(by: string, h = this.#side(by).written): this {
    return this.add({ is: 'heard', by, session: this.#side(by).session, h });
  }

  /** The client acknowledges everything that it got. */
  tell(by: string): this {
    const { session, got } = this.#side(by);
    return this.add({ is: 'told', by, session, h: got });
  }

  get(by: string, id: string, to = by): this {
    return this.#get(by, { kind: 'message', id, to, sound: true });
  }

  returned(by: string, id: string): this {
    return this.#get(by, { kind: 'error', id });
  }

  see(by: string, contact: string, mark = this.mark(contact)): this {
    return this.#get(by, { kind: 'presence', from: contact, available: true, mark });
  }

  seeGone(by: string, contact: string): this {
    return this.#get(by, { kind: 'presence', from: contact, available: false, mark: '' });
  }

  lose(by: string): this {
    return this.add({ is: 'unlinked', by });
  }

  /** Back, after `lose`. The server has so many of the client's stanzas: all of them, by default. */
  resume(by: string, h = this.#side(by).written): this {
    const { session, got } = this.#side(by);
    this.add({ is: 'linked', by }).add({ is: 'resuming', by, session, h: got });
    this.#side(by).written = h;
    return this.add({ is: 'resumed', by, session, h });
  }

  refuse(by: string, h?: number): this {
    const { session, got } = this.#side(by);
    this.add({ is: 'linked', by }).add({ is: 'resuming', by, session, h: got });
    return this.add({ is: 'refused', by, session, h });
  }

  leave(by: string): this {
    const { session } = this.#side(by);
    return this.add({ is: 'left', by, session }).add({ is: 'parted', by, session }).lose(by);
  }

  forget(by: string): this {
    return this.lose(by).add({ is: 'forgot', by, session: this.#side(by).session });
  }

  #write(by: string, stanza: Stanza): this {
    const side = this.#side(by);
    side.written += 1;
    return this.add({ is: 'wrote', by, session: side.session, n: side.written, stanza });
  }

  #get(by: string, stanza: Stanza): this {
    const side = this.#side(by);
    side.got += 1;
    return this.add({ is: 'got', by, session: side.session, n: side.got, stanza });
  }

  #side(by: string): Side {
    const side = this.#sides.get(by);
    if (side === undefined) throw new Error(`${bareOf(by)} has not logged in`);
    return side;
  }
}
