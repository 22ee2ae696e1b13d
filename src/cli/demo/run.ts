import { setTimeout as delay } from 'node:timers/promises';
import type { Receipt } from '../../adapters/xmppjs/index.js';
import type { Random } from '../../testing/random.js';
import { CUT_KINDS, type PlannedCut, planCuts } from './cuts.js';
import { faultsOf, type Ledger } from './ledger.js';
import { runLength, SETTLING, TICK } from './pace.js';
import type { Peer } from './peer.js';
import type { Progress } from './progress.js';
import type { Stage } from './stage.js';
import type { DemoResult, Direction } from './table.js';

export interface RunOptions {
  readonly messages: number;
  readonly cuts: number;
  readonly random: Random;
  readonly signal: AbortSignal;
  onProgress(progress: Progress): void;
}

/**
 * Sends messages both ways in a steady flow while connections are cut; then waits for what is on its way.
 * @returns rejects when `signal` aborts
 */
export async function run(stage: Stage, options: RunOptions): Promise<Omit<DemoResult, 'seed'>> {
  const { messages, cuts, random, signal, onProgress } = options;
  const started = Date.now();
  const length = runLength(messages, cuts);
  const byKind = Object.fromEntries(CUT_KINDS.map((kind) => [kind, 0]));
  let made = 0;

  async function cutAll(peer: Peer, plan: readonly PlannedCut[], until: AbortSignal): Promise<void> {
    for (const planned of plan) {
      const { how } = planned.cut;
      await delay(started + planned.at * length - Date.now(), undefined, { signal: until });
      await peer.cut(planned, until);
      made += 1;
      byKind[how] = (byKind[how] ?? 0) + 1;
    }
  }

  const watch = (): void => {
    const delivered = stage.directions.reduce((sum, { ledger }) => sum + ledger.account.delivered, 0);
    onProgress({ delivered, cuts: made });
  };

  const allSent = new AbortController();
  const until = AbortSignal.any([signal, allSent.signal]);
  const plans = planCuts(random, cuts);
  const cutting = stage.peers.map((peer, index) => cutAll(peer, plans[index] ?? [], until).catch(unlessAborted));
  while (...) 
}
