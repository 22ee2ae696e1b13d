import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../testing/random.js';
import { reasonOf } from '../failure.js';
import { CUT_KINDS, type PlannedCut, planCuts } from './cuts.js';
import { faultsOf } from './ledger.js';
import { BEFORE_LAST_CUT, LATE, runLength, SETTLING, SLOWER, STRETCH, TICK } from './pace.js';
import type { Peer } from './peer.js';
import type { Progress } from './progress.js';
import type { Stage, Way } from './stage.js';
import type { DemoResult, Direction } from './table.js';

export interface RunOptions {
  /** The number of messages each way. */
  readonly messages: number;
  readonly cuts: number;
  readonly random: Random;
  readonly signal: AbortSignal;
  /** The longest time, in milliseconds, that late cuts may add to the flow. Default 25 seconds. */
  readonly stretch?: number;
  onProgress(progress: Progress): void;
}

/**
 * Sends messages both ways in a steady flow while the demo cuts connections; then waits for the messages under way.
 * @returns rejects when `signal` aborts
 */
export const run = async (stage: Stage, options: RunOptions): Promise<Omit<DemoResult, 'seed'>> => {
  const { messages, cuts, random, signal, stretch = STRETCH, onProgress } = options;
  const length = runLength(messages, cuts);
  const plans = planCuts(random, cuts);
  const byKind = Object.fromEntries(CUT_KINDS.map((kind) => [kind, 0]));
  const started = Date.now();
  let made = 0;
  let early = 0;

  const cutAll = async (peer: Peer, plan: readonly PlannedCut[], until: AbortSignal): Promise<void> => {
    for (const planned of plan) {
      const { how } = planned.cut;
      await delay(Math.max(0, started + planned.at * length - Date.now()), undefined, { signal: until });
      if (!(await peer.cut(planned, until))) early += 1;
      made += 1;
      byKind[how] = (byKind[how] ?? 0) + 1;
    }
  };

  const tick = async (): Promise<void> => {
    await delay(TICK, undefined, { signal });
    onProgress({ delivered: stage.ways.reduce((sum, { ledger }) => sum + ledger.arrived, 0), cuts: made });
  };

  /**
   * Sends more slowly while cuts are late, and keeps the last messages until after the last cut, so that each cut can
   * lose some.
   */
  const sendAll = async (): Promise<void> => {
    const latest = started + length + stretch;
    let last = started;
    for (let share = 0; share < 1; ) {
      await tick();
      const now = Date.now();
      const pace = made + 2 < share * cuts ? SLOWER : 1;
      const most = made < cuts ? BEFORE_LAST_CUT : 1;
      share = now < latest ? Math.min(most, share + ((now - last) / length) * pace) : 1;
      last = now;
      for (const way of stage.ways) while (way.ledger.count < Math.floor(share * messages)) sendNext(way);
    }
  };

  const allSent = new AbortController();
  const until = AbortSignal.any([signal, allSent.signal]);
  const cutting = stage.peers.map((peer, index) => cutAll(peer, plans[index] ?? [], until).catch(unlessAborted(until)));
  await sendAll();
  allSent.abort();
  await Promise.all(cutting);
  for (const deadline = Date.now() + SETTLING; !isSettled(stage) && Date.now() < deadline; ) await tick();
  await delay(LATE, undefined, { signal });
  await tick();

  const directions = stage.ways.map(directionOf);
  const faults = [
    ...(made < cuts ? [`${cuts - made} of ${cuts} cuts not made`] : []),
    ...stage.ways.flatMap(({ from, to, ledger }) =>
      faultsOf(ledger.account).map((fault) => `${from.name} -> ${to.name}: ${fault}`),
    ),
  ];
  return {
    verdict: faults.length === 0 ? 'passed' : 'failed',
    faults,
    seconds: (Date.now() - started) / 1000,
    cuts: { planned: cuts, made, early, byKind },
    directions,
  };
};

const sendNext = (way: Way): void => {
  const { from, to, ledger } = way;
  const number = ledger.sent();
  from.send(to.jid, number).acked.then(
    () => ledger.acked(number),
    (reason: unknown) => ledger.failed(number, reasonOf(reason)),
  );
};

const isSettled = ({ ways }: Stage): boolean => ways.every(({ ledger }) => ledger.settled);

const directionOf = ({ from, to, ledger }: Way): Direction => {
  const { longestGap, ...account } = ledger.account;
  const { resumptions, failedResumptions } = from;
  return {
    from: from.name,
    to: to.name,
    ...account,
    resumptions,
    failedResumptions,
    longestGap: longestGap / 1000,
  };
};

const unlessAborted =
  (signal: AbortSignal) =>
  (error: unknown): void => {
    if (!signal.aborted) throw error;
  };
