import { describe, expect, it } from 'vitest';
import type { HostOptions } from '../../src/host/host.js';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import { SM } from '../support/raw-client.js';
import { startHost } from '../support/test-host.js';

const ROMEO = 'romeo@localhost/a';
const R = `<r xmlns='${SM}'/>`;

const start = async (options: Partial<HostOptions> = {}) => {
  const clock = createVirtualClock(Date.now());
  const host = await startHost({ clock, ...options });
  return { clock, host, romeo: await host.enabled('romeo', 'a') };
};

describe('a client over TCP that is silent (P-2, H12)', () => {
  it('is asked after 120 seconds, and its connection is dead when it does not answer', async () => {
    const { clock, host, romeo } = await start();
    clock.advance(119_999);
    expect(await romeo.ask()).toBe(0);
    expect(romeo.received).not.toContain(R);
    clock.advance(120_000);
    await romeo.until(/<r [^>]*>/);
    clock.advance(30_000);
    expect(host.of('ackDelayed', ROMEO)).toHaveLength(1);
    clock.advance(30_000);
    await host.reported('hibernationStart', ROMEO);
  });

  it('is asked again after each further silence, and stays when it answers, also after a resumption', async () => {
    const { clock, host, romeo } = await start({ probeIdle: 10 });
    romeo.reset();
    await host.reported('hibernationStart', ROMEO);
    const back = await host.resumed('romeo', romeo.smId, 0);
    await back.until(/<r [^>]*>/);
    back.write(`<a xmlns='${SM}' h='0'/>`);
    await back.ask();
    for (const count of [1, 2, 3]) {
      clock.advance(10_000);
      await back.until(/<r [^>]*>/);
      back.write(`<a xmlns='${SM}' h='0'/>`);
      await back.ask();
      expect(back.received.split(R)).toHaveLength(count + 2);
    }
    clock.advance(9_000);
    expect(host.of('ackDelayed', ROMEO)).toEqual([]);
  });

  it('is not asked while it is inactive (P-3), without stream management, or with probeIdle 0', async () => {
    const { clock, romeo, host } = await start();
    const plain = await host.bound('romeo', 'b');
    romeo.write("<inactive xmlns='urn:xmpp:csi:0'/>");
    await romeo.ask();
    clock.advance(3_600_000);
    await romeo.ask();
    expect(romeo.received + plain.received).not.toContain(R);
    const never = await start({ probeIdle: 0 });
    never.clock.advance(3_600_000);
    await never.romeo.ask();
    expect(never.romeo.received).not.toContain(R);
  });
});
