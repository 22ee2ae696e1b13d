/** Our own host, over each transport. */
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Result, Target } from '../../src/conformance/index.js';
import { createHost, type HostOptions } from '../../src/host/index.js';
import type { Policy } from '../../src/index.js';
import { identity } from '../support/tls-identity.js';
import { run, troubles, verdicts } from './verdicts.js';

const USERS = ['romeo', 'juliet', 'mercutio', 'tybalt', 'benvolio', 'rosaline', 'paris', 'nurse'];

const TRANSPORTS: Readonly<Record<Exclude<Target['transport'], 'starttls'>, object>> = {
  tcp: {},
  tls: { direct: true },
  ws: { websocket: true },
  wss: { websocket: true, direct: true },
};

const checked = async (
  transport: Target['transport'],
  options: Partial<HostOptions> = {},
  allowed: { readonly initialCount?: number } = {},
): Promise<readonly Result[]> => {
  const accounts = USERS.map((user) => ({ user, password: 'secret' }));
  const host = await createHost({ accounts, tls: identity, ...options });
  onTestFinished(() => host.close());
  const how = transport === 'starttls' ? {} : TRANSPORTS[transport];
  const { port } = await host.listen({ host: '127.0.0.1', port: 0, ...how });
  return run({
    target: { port, transport, domain: 'localhost' },
    users: USERS,
    password: 'secret',
    options: { allowed: { wait: 10, stress: false, initialCount: 0, ...allowed } },
  });
};

describe('smacks check of our own host', { timeout: 180_000 }, () => {
  it.each(['tcp', 'starttls', 'tls', 'ws', 'wss'] as const)('finds nothing over %s', async (transport) => {
    const results = await checked(transport);
    expect(troubles(results)).toEqual([]);
    const file = transport === 'ws' || transport === 'wss' ? 'host-websocket' : 'host-tcp';
    await expect(verdicts(results)).toMatchFileSnapshot(`expected/${file}.txt`);
  });

  it('finds nothing when both counters start just before the roll-over (A-4)', async () => {
    const initialCount = 2 ** 32 - 3;
    const results = await checked(
      'tcp',
      { policy: { initialCount: initialCount as Policy['initialCount'] } },
      { initialCount },
    );
    expect(troubles(results)).toEqual([]);
    const skipped = results.filter(({ verdict }) => verdict === 'skip').map(({ check }) => check.id);
    expect(skipped.filter((id) => id.startsWith('rollover'))).toEqual([]);
  });

  it('finds nothing when sessions cannot be resumed (R-9)', async () => {
    const results = await checked('tcp', { policy: { resume: false } });
    expect(troubles(results)).toEqual([]);
    const { verdict } = results.find(({ check }) => check.id === 'resume-switched-off') ?? {};
    expect(verdict).toBe('pass');
  });

  it('finds nothing when queues are short, and says of each message where it went (M-10)', async () => {
    const results = await checked('tcp', { policy: { maxQueueStanzas: 30, overflowGrace: 0.2 } });
    expect(troubles(results)).toEqual([]);
    const limits = results.filter(({ check }) => check.id.startsWith('queue-limit'));
    expect(limits.map(({ verdict }) => verdict)).toEqual(['pass', 'pass', 'pass']);
  });

  it.each(['return', 'drop'] as const)('finds what it should with onExpiry %s', async (onExpiry) => {
    const results = await checked('tcp', { onExpiry });
    const ids = results.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn').map(({ check }) => check.id);
    if (onExpiry === 'return') expect(ids).toEqual(['rebind-delivers']);
    else expect(ids).toContain('remains-queued');
  });
});
