import { type CheckServerOptions, checkServer, type Result } from '../../src/check.js';

export interface Place {
  readonly port: number;
  readonly transport: 'tcp' | 'starttls' | 'tls' | 'ws' | 'wss';
  readonly domain: string;
  /** The path of the WebSocket. */
  readonly path?: string;
}

export interface Run {
  readonly target: Place;
  readonly users: readonly string[];
  readonly password: string;
  readonly options?: Partial<CheckServerOptions>;
}

/** Every check against a server on this machine. */
export const run = async ({ target, users, password, options = {} }: Run): Promise<readonly Result[]> => {
  const { results } = await checkServer({
    ...reach(target),
    accounts: users.map((user) => ({ jid: `${user}@${target.domain}`, password })),
    // A busy machine answers late.
    patience: 10_000,
    ...options,
  });
  return results;
};

/** How a place on this machine is named for the check. */
export const reach = ({
  port,
  transport,
  path = '/xmpp-websocket',
}: Omit<Place, 'domain'>): Pick<CheckServerOptions, 'server' | 'transport'> =>
  transport === 'ws' || transport === 'wss'
    ? { server: `${transport}://127.0.0.1:${port}${path}` }
    : { server: `127.0.0.1:${port}`, transport };

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
