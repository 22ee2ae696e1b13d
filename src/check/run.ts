/** The run executes checks side by side. Each check gets a verdict, even when the server fails. */
import type { Check } from './check.js';
import type { Account } from './client.js';
import { type Facts, NO_FACTS } from './facts.js';
import { CannotRun, Finding, type Verdict } from './finding.js';
import { createLanes } from './lanes.js';
import { type Allowed, lacks } from './needs.js';
import { findFacts } from './probe.js';
import { type ServerInUse, useServer } from './server.js';
import type { Target } from './target.js';
import { createTranscript, type Transcript } from './transcript.js';

export interface RunOptions {
  readonly target: Target;
  /** The name of the server in messages to the user. */
  readonly where: string;
  /** Two or more accounts of one domain. Accounts work in pairs, so each further pair makes the run faster. */
  readonly accounts: readonly Account[];
  readonly checks: readonly Check[];
  readonly allowed: Omit<Allowed, 'websocket'>;
  /** Milliseconds that an answer may take. */
  readonly patience: number;
  /** Called with the result of each check, in the order in which the checks end. */
  readonly onResult: ((result: Result) => void) | undefined;
}

/** The result of one check. */
export interface Result {
  readonly check: Check;
  readonly verdict: Verdict;
  /** The behaviour that the check expects; for a skip, its reason. Empty for a pass. */
  readonly expected: string;
  /** The behaviour that this server showed. */
  readonly found: string;
  readonly seconds: number;
  /** The traffic of the check, without secrets. */
  readonly transcript: readonly string[];
}

/** @returns one result for each check, in the order of the checks; rejects with CannotRun when the checks cannot run */
export const runChecks = async (options: RunOptions): Promise<readonly Result[]> => {
  const { target, where, checks, patience } = options;
  const allowed = { ...options.allowed, websocket: target.transport === 'ws' || target.transport === 'wss' };
  const pairs = pairsOf(options.accounts);
  const use = (accounts: Pair, facts: Facts, transcript: Transcript): ServerInUse =>
    useServer({ target, accounts, allowed, facts, patience, transcript });

  const [first] = pairs;
  if (first === undefined) throw new CannotRun('two accounts are needed');
  const probe = use(first, NO_FACTS, createTranscript());
  const facts = await findFacts(probe.server, where, target).finally(probe.tidy);
  for (const pair of pairs.slice(1)) await enterAll(use(pair, NO_FACTS, createTranscript()));

  const carryOut = async (check: Check, accounts: Pair): Promise<Result> => {
    const transcript = createTranscript();
    const { server, tidy } = use(accounts, facts, transcript);
    const began = performance.now();
    const outcome = await Promise.race([
      check.run(server).then(
        () => PASSED,
        (error: unknown) => judge(error, transcript),
      ),
      unlessDone(LONGEST + 1000 * allowed.wait).then(
        () => new Finding('fail', 'the check to come to an end', 'it did not'),
      ),
    ]);
    const seconds = (performance.now() - began) / 1000;
    await Promise.race([tidy(), unlessDone(LONGEST)]);
    return { check, ...verdictOf(outcome, check), seconds, transcript: transcript.lines() };
  };

  const lanes = createLanes(
    pairs.map(({ romeo, juliet }) => [
      { romeo, juliet },
      { romeo: juliet, juliet: romeo },
    ]),
    TOGETHER,
  );
  const results = new Map<Check, Result>();
  const settle = async (check: Check): Promise<void> => {
    const reason = check.needs.map((need) => lacks(need, facts, allowed)).find((why) => why !== undefined);
    const result =
      reason === undefined
        ? await lanes.take(check.runs, (accounts) => carryOut(check, accounts))
        : { check, verdict: 'skip' as const, expected: reason, found: '', seconds: 0, transcript: [] };
    options.onResult?.(result);
    results.set(check, result);
  };
  await Promise.all(
    checks
      .filter(({ runs }) => runs !== 'last')
      .sort(byPatience)
      .map(settle),
  );
  for (const check of checks.filter(({ runs }) => runs === 'last')) await settle(check);
  await Promise.all(pairs.map((pair) => clearOffline(use(pair, facts, createTranscript()))));
  return checks.flatMap((check) => results.get(check) ?? []);
};

/** How many checks use the same two accounts in the same order at once. A server may allow only ten resources. */
const TOGETHER = 2;

/** Checks that wait for long begin first. */
const byPatience = (a: Check, b: Check): number => patienceOf(b) - patienceOf(a);

const patienceOf = ({ needs, runs }: Check): number =>
  (runs === 'alone' ? 4 : 0) + (needs.includes('expiry') ? 2 : 0) + (runs === 'inbox' ? 1 : 0);

/** Reads and discards the messages that the checks left in offline storage. */
const clearOffline = async ({ server, tidy }: ServerInUse): Promise<void> => {
  for (const who of ['romeo', 'juliet'] as const) await server.offline(who).catch(() => undefined);
  await tidy();
};

/** Milliseconds that a check may take, without waits for an expiry. Every single wait is shorter: this is a last limit. */
const LONGEST = 60_000;

const PASSED = undefined;

/** Resolves after this time; the timer does not keep the process alive. */
const unlessDone = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => void setTimeout(resolve, milliseconds).unref());

type Pair = { readonly romeo: Account; readonly juliet: Account };

const pairsOf = (accounts: readonly Account[]): readonly Pair[] =>
  accounts.flatMap((romeo, index) => {
    const juliet = accounts[index + 1];
    return index % 2 === 0 && juliet !== undefined ? [{ romeo, juliet }] : [];
  });

/** Logs in to every account, so that a wrong password ends the run before the first check. */
const enterAll = async ({ server, tidy }: ServerInUse): Promise<void> => {
  for (const who of ['romeo', 'juliet'] as const) {
    await server.login(who).catch((error: unknown) => {
      throw new CannotRun(`cannot log in as ${server.accounts[who].jid}: ${judge(error).found}`);
    });
  }
  await tidy();
};

/** An error that is not a Finding is a fault of the check itself; the report says so. */
const judge = (error: unknown, transcript?: Transcript): Finding => {
  if (error instanceof Finding) return error;
  if (error instanceof Error) transcript?.add('check', '-', error.stack ?? error.message);
  return new Finding('fail', 'the check to work', error instanceof Error ? error.message : String(error));
};

const verdictOf = (finding: Finding | undefined, { level }: Check): Pick<Result, 'verdict' | 'expected' | 'found'> => {
  if (finding === undefined) return { verdict: 'pass', expected: '', found: '' };
  const { expected, found } = finding;
  const verdict = finding.verdict === 'fail' && level === 'SHOULD' ? 'warn' : finding.verdict;
  return { verdict, expected, found };
};
