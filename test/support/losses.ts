/** What a client with stream management of its own, not ours, goes through at our host. */
import { expect } from 'vitest';
import type { CuttingProxy } from '../../src/testing/cutting-proxy.js';
import { message, type RawClient } from './raw-client.js';
import type { TestHost } from './test-host.js';

export interface ForeignClient {
  /** Its full JID. */
  readonly jid: string;
  /** The ids of the messages it got, in order. */
  readonly got: readonly string[];
  /** Resolves when it has taken in the next `<resumed/>`. */
  resumed(): Promise<void>;
  send(to: string, id: string): unknown;
}

/** Cuts the client off in three ways, while messages come for it and while it is away. It comes back by itself. */
export const surviveLosses = async (
  host: TestHost,
  proxy: CuttingProxy,
  juliet: RawClient,
  client: ForeignClient,
): Promise<void> => {
  const { jid, got } = client;
  let losses = 0;
  let sent = 0;
  for (const how of ['rst', 'fin', 'inside'] as const) {
    const link = proxy.connections.at(-1) ?? expect.fail('there is no link');
    proxy.refuse();
    const cut = proxy.cut(link, how === 'inside' ? { how, direction: 'down', keepBytes: 30 } : { how });
    // The first of these is what is cut inside.
    for (let count = 0; count < 3; count++) juliet.write(message(jid, `${++sent}`));
    await cut;
    losses += 1;
    await host.reported('hibernationStart', jid, losses);
    juliet.write(message(jid, `${++sent}`));
    const resumed = host.reported('resumed', jid, losses);
    await juliet.write("<r xmlns='urn:xmpp:sm:3'/>").until(/<failed [^>]*>/);
    const back = client.resumed();
    proxy.accept();
    await Promise.all([resumed, back]);
    await client.send('juliet@localhost/a', `back-${losses}`);
    await juliet.heard(new RegExp(`id="back-${losses}"`));
    await expect.poll(() => got.length, { interval: 2 }).toBeGreaterThanOrEqual(sent);
  }
  expect(got).toEqual(Array.from({ length: sent }, (_, index) => `${index + 1}`));
  expect(host.of('violation', jid)).toEqual([]);
  expect(host.of('toleratedViolation', jid)).toEqual([]);
  expect(host.of('enabled', jid)).toHaveLength(1);
};
