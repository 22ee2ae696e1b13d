/** A sender is slowed down while a receiver's queue is at its limit, and nothing comes back (design law 8, section 5). */
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHost } from '../../src/host.js';
import type { Policy, Report } from '../../src/index.js';
import type { Element } from '../../src/xml.js';
import { type Carrier, tcp, webSocket } from '../support/client/carrier.js';
import { OwnClient } from '../support/client/own-client.js';

/** Every client takes more into its own queue than the host keeps for a receiver. */
const POLICY: Partial<Policy> = { maxQueueStanzas: 1_000_000, maxQueueBytes: 1_000_000_000, ackIdle: 60 };

const join = async (carrier: Carrier, user: string, resource: string) => {
  const ids: string[] = [];
  const errors: string[] = [];
  let online = (): void => {};
  const isOnline = new Promise<void>((resolve) => (online = resolve));
  const client = new OwnClient({
    carrier,
    domain: 'localhost',
    user,
    password: 'secret',
    mechanism: 'PLAIN',
    resource,
    policy: POLICY,
    reconnectDelay: 10,
    onReport: ({ type }) => type === 'enabled' && online(),
    onStanza(stanza: Element) {
      if (stanza.getName() === 'message') (stanza.attrs.type === 'error' ? errors : ids).push(stanza.attrs.id ?? '');
    },
  });
  onTestFinished(() => client.close());
  client.start();
  await isOnline;
  return { client, ids, errors };
};

const upTo = (count: number): string[] => Array.from({ length: count }, (_, n) => `${n}`);

describe.each(['TCP', 'WebSocket'] as const)('a flood over %s', (wire) => {
  const pairs = async (count: number, policy: Partial<Policy>) => {
    const reports: Report['type'][] = [];
    const accounts = ['romeo', 'juliet'].map((user) => ({ user, password: 'secret' }));
    const host = await createHost({
      accounts,
      policy,
      scramIterations: 64,
      onEvent: ({ report }) => reports.push(report.type),
    });
    onTestFinished(() => host.close());
    const { port } = await host.listen({ host: '127.0.0.1', port: 0, websocket: wire === 'WebSocket' });
    const carrier = wire === 'TCP' ? tcp(port) : webSocket(port, '/xmpp-websocket');
    const members = upTo(count).map(
      async (n) => [await join(carrier, 'romeo', `a${n}`), await join(carrier, 'juliet', `b${n}`)] as const,
    );
    return { reports, pairs: await Promise.all(members) };
  };

  it.each([
    ['one sender', 1, 20_000, false],
    ['two clients that flood each other', 1, 5_000, true],
    ['ten pairs that flood each other', 10, 500, true],
  ] as const)(
    'arrives whole and in order, with the default limits: %s (M-10)',
    async (_, count, messages, isMutual) => {
      const { reports, pairs: all } = await pairs(count, count === 1 ? {} : { maxQueueStanzas: 50 });
      for (const [romeo, juliet] of all)
        for (const id of upTo(messages)) {
          romeo.client.send(juliet.client.jid, id);
          if (isMutual) juliet.client.send(romeo.client.jid, id);
        }
      for (const [romeo, juliet] of all) {
        await expect.poll(() => juliet.ids.length, { timeout: 30_000, interval: 20 }).toBe(messages);
        if (isMutual) await expect.poll(() => romeo.ids.length, { timeout: 30_000, interval: 20 }).toBe(messages);
        expect(juliet.ids).toEqual(upTo(messages));
        expect([...romeo.errors, ...juliet.errors]).toEqual([]);
      }
      expect(reports).toContain('queuePressure');
      expect(reports.filter((type) => type === 'returned' || type === 'violation')).toEqual([]);
    },
  );
});
