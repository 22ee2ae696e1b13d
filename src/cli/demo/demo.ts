import { once } from 'node:events';
import { createRandom, seedFrom } from '../../testing/random.js';
import { openTracing } from '../tracing.js';
import type { DemoFlags } from './options.js';
import { displayProgress } from './progress.js';
import { type RunOptions, run } from './run.js';
import { type Stage, setStage } from './stage.js';
import { type DemoResult, tableOf } from './table.js';
import { loadXmppjs } from './xmppjs.js';

/**
 * Runs the demo and prints the result.
 * @returns the exit code: 0 when the demo passed, 1 when it failed, 130 when the user interrupted it
 */
export const demo = async ({ messages, cuts, seed = seedFrom(), json, ...flags }: DemoFlags): Promise<number> => {
  const xmppjs = await loadXmppjs();
  const tracing = await openTracing(flags);
  const { signal, release } = interruption();
  process.stderr.write(`seed ${seed}\n`);
  for (const url of tracing.urls) process.stderr.write(`the sessions are shown at ${url}\n`);
  let stage: Stage | undefined;
  try {
    stage = await setStage(xmppjs, tracing.trace);
    const result = { seed, ...(await watchedRun(stage, { messages, cuts, random: createRandom(seed), signal })) };
    process.stdout.write(`${json ? JSON.stringify(result) : tableOf(result)}\n`);
    if (tracing.urls.length > 0) await looking(signal);
    return result.verdict === 'passed' ? 0 : 1;
  } catch (error) {
    if (!signal.aborted) throw error;
    process.stderr.write('smacks: interrupted\n');
    return 130;
  } finally {
    await stage?.close();
    await tracing.close();
    release();
  }
};

const watchedRun = async (stage: Stage, options: Omit<RunOptions, 'onProgress'>): Promise<Omit<DemoResult, 'seed'>> => {
  const progress = displayProgress(2 * options.messages, options.cuts);
  try {
    return await run(stage, { ...options, onProgress: progress.show });
  } finally {
    progress.close();
  }
};

/** Waits for the interruption of the run, because the user may still look at its sessions. */
const looking = async (signal: AbortSignal): Promise<void> => {
  process.stderr.write('the sessions are shown until you press Ctrl-C\n');
  if (!signal.aborted) await once(signal, 'abort');
};

/** The first SIGINT or SIGTERM ends the run. The second signal ends the process in the usual way. */
const interruption = (): { readonly signal: AbortSignal; release(): void } => {
  const controller = new AbortController();
  const release = (): void => void process.off('SIGINT', stop).off('SIGTERM', stop);
  const stop = (): void => {
    release();
    controller.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return { signal: controller.signal, release };
};
