/** Our own host, over each transport. */
import { describe, it, type TestContext } from 'vitest';
import { checks, type Result } from '../../src/check.js';
import { createHost, type HostOptions } from '../../src/host/host.js';
import type { Uint32 } from '../../src/index.js';
import { isDeep } from '../support/effort.js';
import { identity } from '../support/tls-identity.js';
import { type Place, run, troubles, verdicts } from './verdicts.js';

const USERS = ['romeo', 'juliet', 'mercutio', 'tybalt', 'benvolio', 'rosaline', 'paris', 'nurse'];

const TRANSPORTS: Readonly<Record<Exclude<Place['transport'], 'starttls'>, object>> = {
  tcp: {},
  tls: { direct: true },
  ws: { websocket: true },
  wss: { websocket: true, direct: true },
};

interface Setting extends Partial<HostOptions> {
  readonly transport?: Place['transport'];
  /** Only these checks: ids that match. */
  readonly only?: RegExp;
}

/** Inside TLS the host offers more. */
/** The wait of a check is the same over each of them: `npm test` takes one. */
const CHECKED = isDeep ? (['tcp', 'starttls', 'tls', 'ws'] as const) : (['tcp'] as const);

const FILES = { tcp: 'tcp', starttls: 'tls', tls: 'tls', ws: 'websocket' } as const;

const checked = async (context: TestContext, setting: Setting = {}): Promise<readonly Result[]> => {
  const { transport = 'tcp', only = /./, ...options } = setting;
  const accounts = USERS.map((user) => ({ user, password: 'secret' }));
  const host = await createHost({ accounts, tls: identity, ...options });
  context.onTestFinished(() => host.close());
  const how = transport === 'starttls' ? {} : TRANSPORTS[transport];
  const { port } = await host.listen({ host: '127.0.0.1', port: 0, ...how });
  return run({
    target: { port, transport, domain: 'localhost' },
    users: USERS,
    password: 'secret',
    options: {
      checks: checks.filter(({ id }) => only.test(id)),
      initialCount: options.policy?.initialCount,
    },
  });
};

describe('smacks check against our own host', { timeout: 180_000 }, () => {
  it.for(CHECKED)('finds no fault over %s', async (transport, context) => {
    const results = await checked(context, { transport });
    context.expect(troubles(results)).toEqual([]);
    await context.expect(verdicts(results)).toMatchFileSnapshot(`expected/host-${FILES[transport]}.txt`);
  });

  it('finds no fault over TLS and WebSocket together', async (context) => {
    const results = await checked(context, { transport: 'wss', only: /^(feature|enable|websocket|resume)/ });
    context.expect(troubles(results)).toEqual([]);
  });

  it('finds no fault when sessions cannot be resumed (R-9)', async (context) => {
    const results = await checked(context, { policy: { resume: false } });
    context.expect(troubles(results)).toEqual([]);
    const { verdict } = results.find(({ check }) => check.id === 'resume-switched-off') ?? {};
    context.expect(verdict).toBe('pass');
  });

  it('finds no fault when queues are short, and finds where each message went (M-10)', async (context) => {
    const results = await checked(context, {
      policy: { maxQueueStanzas: 30, overflowGrace: 0.2 },
      only: /^queue-limit/,
    });
    context.expect(results.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass']);
  });

  if (isDeep) {
    it('finds no fault when both counters start just before the roll-over (A-4)', async (context) => {
      const results = await checked(context, { policy: { initialCount: (2 ** 32 - 3) as Uint32 } });
      context.expect(troubles(results)).toEqual([]);
      const skipped = results.filter(({ verdict }) => verdict === 'skip').map(({ check }) => check.id);
      context.expect(skipped.filter((id) => id.startsWith('rollover'))).toEqual([]);
    });

    it('reports what the operator configured for the end of a session: return everything, or drop everything (M-3)', async (context) => {
      const only = /^(remains|rebind)/;
      const returning = troublesome(await checked(context, { onExpiry: 'return', only }));
      context.expect(returning).toEqual([]);
      const dropping = troublesome(await checked(context, { onExpiry: 'drop', only }));
      context
        .expect(dropping)
        .toEqual(context.expect.arrayContaining(['remains-queued', 'remains-unacked', 'remains-lost']));
    });
  }
});

const troublesome = (results: readonly Result[]): readonly string[] =>
  results.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn').map(({ check }) => check.id);
