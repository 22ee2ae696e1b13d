/**
 * The input of a sender that waits for room in a receiver's queue. It is kept as text, in wire order. It is not counted yet: when the
 * connection is lost, the peer sends it again.
 */
import { type Element, parseElement, print } from '../xml.js';

/** An element, or what the parser reported behind it. */
type Input = string | (() => void);

/** UTF-16 units of input at which the connection stops reading. */
const MOST = 4 * 1024 * 1024;

export class HeldInput {
  #inputs: Input[] = [];
  #next = 0;
  #size = 0;

  get isEmpty(): boolean {
    return this.#next === this.#inputs.length;
  }

  get isFull(): boolean {
    return this.#size >= MOST;
  }

  add(input: Element | (() => void)): void {
    const kept = typeof input === 'function' ? input : print(input);
    if (typeof kept === 'string') this.#size += kept.length;
    this.#inputs.push(kept);
  }

  /** The oldest input as an element, or as the act that it stands for; undefined when there is none. */
  take(): Element | (() => void) | undefined {
    const input = this.#inputs[this.#next];
    if (input === undefined) return undefined;
    this.#next += 1;
    if (this.isEmpty) this.clear();
    if (typeof input === 'function') return input;
    this.#size = Math.max(0, this.#size - input.length);
    const parsed = parseElement(input);
    return parsed._tag === 'Right' ? parsed.right : this.take();
  }

  clear(): void {
    this.#inputs = [];
    this.#next = 0;
    this.#size = 0;
  }
}
