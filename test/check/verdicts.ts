import { type Account, checks, type Result, type RunOptions, runChecks, type Target } from '../../src/check.js';

export interface Run {
  readonly target: Pick<Target, 'port' | 'transport' | 'domain'> & Partial<Target>;
  readonly users: readonly string[];
  readonly password: string;
  readonly options?: Partial<RunOptions>;
}

/** Every check against a server on this machine. */
export const run = ({ target, users, password, options = {} }: Run): Promise<readonly Result[]> => {
  const accounts: readonly Account[] = users.map((user) => ({ user, password, jid: `${user}@${target.domain}` }));
  return runChecks({
    target: { host: '127.0.0.1', path: '/xmpp-websocket', insecure: true, loopback: true, ...target },
    where: `127.0.0.1:${target.port}`,
    accounts,
    checks,
    allowed: { wait: 10, stress: false, initialCount: 0 },
    // A busy machine answers late.
    patience: 10_000,
    ...options,
  });
};

/** A line a check, sorted: what an expected file holds. @param unsteady ids of checks that end now so, now so */
export const verdicts = (results: readonly Result[], unsteady: readonly string[] = []): string =>
  results
    .map(({ check: { id }, verdict, expected }) => {
      if (unsteady.includes(id)) return `any   ${id}\n`;
      return `${verdict}  ${id}${verdict === 'skip' ? `: ${expected}` : ''}\n`;
    })
    .sort((a, b) => (a.slice(6) < b.slice(6) ? -1 : 1))
    .join('');

/** What went wrong, for a test that expects nothing of the kind. */
export const troubles = (results: readonly Result[]): readonly string[] =>
  results
    .filter(({ verdict }) => verdict === 'fail' || verdict === 'warn')
    .map(({ check, verdict, expected, found, transcript }) =>
      [`${verdict} ${check.id}: expected ${expected}; found ${found}`, ...transcript].join('\n'),
    );
