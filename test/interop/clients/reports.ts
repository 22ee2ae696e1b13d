import type { Report } from '../../../src/index.js';
import type { ClientOptions } from './client.js';
import { Condition } from './condition.js';

type Named<N extends Report['type']> = Extract<Report, { readonly type: N }>;

/** Everything a session has reported. */
export class Reports {
  readonly #all: Report[] = [];
  readonly #added = new Condition();

  /** @param told of `enabled` and `resumed`, and of `hibernationStart` */
  constructor(readonly told: Pick<ClientOptions, 'onLive' | 'onAway'>) {}

  add(report: Report): void {
    this.#all.push(report);
    if (report.type === 'enabled' || report.type === 'resumed') this.told.onLive?.();
    if (report.type === 'hibernationStart') this.told.onAway?.();
    this.#added.changed();
  }

  of<N extends Report['type']>(name: N): readonly Named<N>[] {
    return this.#all.filter((report): report is Named<N> => report.type === name);
  }

  /** Waits until there are so many of this name. @returns the last of them */
  async nth<N extends Report['type']>(name: N, count = 1): Promise<Named<N>> {
    await this.#added.until(() => this.of(name).length >= count, `${count} × ${name}`);
    const report = this.of(name)[count - 1];
    if (report === undefined) throw new Error(`there is no report ${name}`);
    return report;
  }
}
