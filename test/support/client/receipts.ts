import type { Report } from '../../../src/index.js';

type Acknowledged = Extract<Report, { readonly type: 'acknowledged' }>;
type ReturnedReport = Extract<Report, { readonly type: 'returned' }>;

/** Promises for stanzas by the keys that the session gives back. */
export class Receipts {
  readonly #open = new Map<string, { resolve(): void; reject(error: Error): void }>();
  #issued = 0;

  issue(): { readonly key: string; readonly acked: Promise<void> } {
    const key = `${++this.#issued}`;
    const acked = new Promise<void>((resolve, reject) => this.#open.set(key, { resolve, reject }));
    acked.catch(() => {}); // nobody has to look at it
    return { key, acked };
  }

  acknowledged(stanzas: Acknowledged['stanzas']): void {
    for (const { key } of stanzas) this.#take(key).resolve();
  }

  returned(reason: ReturnedReport['reason'], stanzas: ReturnedReport['stanzas']): void {
    for (const { key } of stanzas) this.#take(key).reject(Object.assign(new Error(reason), { reason }));
  }

  /** @throws Error when the stanza was settled before, or was never sent */
  #take(key: string | null): { resolve(): void; reject(error: Error): void } {
    const receipt = this.#open.get(key ?? '');
    if (receipt === undefined) throw new Error(`stanza ${key} is settled twice`);
    this.#open.delete(key ?? '');
    return receipt;
  }
}
