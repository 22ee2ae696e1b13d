/** The receipt of one sent stanza: its delivery state. */
import type { ReturnReason } from '../../client.js';
import type { Element } from '../../xml.js';
import { Listeners } from './listeners.js';

/**
 * - `queued` accepted; no connection has carried it yet
 * - `written` given to a connection, perhaps to several in turn
 * - `acked` the server has it (final)
 * - `failed` the stanza was never sent, or no acknowledgement can come: see the error (final)
 */
export type ReceiptState = 'queued' | 'written' | 'acked' | 'failed';

export interface Receipt {
  /** The same object that the application sent. */
  readonly stanza: Element;
  readonly state: ReceiptState;
  /** Resolves when the server has acknowledged the stanza, else rejects with an UnacknowledgedError. `xmpp.stop()` settles it. */
  readonly acked: Promise<void>;
  /** Calls back at every change of state, with the new state. @returns a function that stops the calls */
  subscribe(listener: (state: ReceiptState) => void): () => void;
}

/** The error for a stanza that the server can no longer acknowledge. */
export class UnacknowledgedError extends Error {
  override readonly name = 'UnacknowledgedError';

  constructor(
    readonly reason: ReturnReason,
    /** True when the stanza was written to a connection, so it may have arrived; false when it certainly did not arrive. */
    readonly written: boolean,
    readonly stanza: Element,
  ) {
    super(`${stanza.name} not acknowledged (${reason}): ${written ? 'it may have arrived' : 'it was never sent'}`);
  }
}

/** The adapter's side of a receipt. */
export class Ticket implements Receipt {
  readonly #listeners = new Listeners<ReceiptState>();
  #state: ReceiptState = 'queued';
  #error: UnacknowledgedError | undefined;
  #acked: PromiseWithSettlers | undefined;

  constructor(
    readonly key: string,
    readonly stanza: Element,
    readonly xml: string,
  ) {}

  get state(): ReceiptState {
    return this.#state;
  }

  get error(): UnacknowledgedError | undefined {
    return this.#error;
  }

  get acked(): Promise<void> {
    if (this.#acked === undefined) {
      this.#acked = withSettlers();
      this.#settle();
    }
    return this.#acked.promise;
  }

  subscribe(listener: (state: ReceiptState) => void): () => void {
    return this.#listeners.add(listener);
  }

  move(state: 'queued' | 'written' | 'acked'): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#settle();
    this.#listeners.call(state);
  }

  fail(reason: ReturnReason, written: boolean): void {
    this.#state = 'failed';
    this.#error = new UnacknowledgedError(reason, written, this.stanza);
    this.#settle();
    this.#listeners.call('failed');
  }

  #settle(): void {
    if (this.#state === 'acked') this.#acked?.resolve();
    if (this.#error !== undefined) this.#acked?.reject(this.#error);
  }
}

interface PromiseWithSettlers {
  readonly promise: Promise<void>;
  resolve(): void;
  reject(error: Error): void;
}

const withSettlers = (): PromiseWithSettlers => {
  let resolve: () => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<void>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  promise.catch(() => {}); // the application may ignore the promise
  return { promise, resolve, reject };
};
