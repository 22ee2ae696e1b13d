/** A replay of any size that the policy allows (R-6, fault H5). */
import { describe, expect, it } from 'vitest';
import { message, PATIENCE, type RawClient, resume, SM } from '../support/raw-client.js';
import { startHost, type TestHost } from '../support/test-host.js';

const ROMEO = 'romeo@localhost/a';
const A = (h: number): string => `<a xmlns='${SM}' h='${h}'/>`;
const COUNT = 180;
/** 180 of them have more characters than a transport buffers. */
const PADDING = 'x'.repeat(100_000);
const upTo = (last: number, first = 1): string[] =>
  Array.from({ length: last - first + 1 }, (_, index) => `${first + index}`);

const sendTo = (sender: RawClient, ids: readonly string[]): void => {
  for (const id of ids) sender.write(message(ROMEO, id, 'groupchat').replace('<body>', `<body>${PADDING}`));
};

const start = async () => {
  const host = await startHost({
    onExpiry: 'drop',
    policy: { maxQueueStanzas: 10_000, maxQueueBytes: 40 * 1024 * 1024, maxUnackedStanzas: 10_000, ackIdle: 1000 },
  });
  const juliet = await host.bound('juliet', 'a');
  const romeo = await host.enabled('romeo', 'a');
  return { host, juliet, romeo };
};

/** 18 MB wait for the session. */
const queued = async () => {
  const { host, juliet, romeo } = await start();
  romeo.reset();
  await host.reported('hibernationStart', ROMEO);
  sendTo(juliet, upTo(COUNT));
  await host.reported('stanzaQueued', ROMEO, COUNT);
  return { host, juliet, smId: romeo.smId };
};

/** Waits until this many characters came, without a search in all of them. */
const hears = async (client: RawClient, characters: number): Promise<void> => {
  const deadline = Date.now() + PATIENCE;
  while (client.received.length < characters && client.ended === undefined) {
    if (Date.now() > deadline) expect.fail(`only ${client.received.length} characters of ${characters} came`);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
};

const resumedBy = async (host: TestHost, smId: string, h: number) => {
  const client = await host.login('romeo');
  const before = client.received.length;
  client.write(resume(smId, h));
  return { client, before };
};

const whole = COUNT * PADDING.length;

describe('a replay of 18 MB', () => {
  it('comes whole and in order, <resumed/> first, <r/> behind it, later stanzas last', async () => {
    const { host, juliet, smId } = await queued();
    const { client, before } = await resumedBy(host, smId, 0);
    await host.reported('resumed', ROMEO);
    sendTo(juliet, ['later']);
    await hears(client, before + whole + PADDING.length);
    await client.until(/id="later".*<\/message>$/);
    const replay = client.received.slice(before).replaceAll(PADDING, '');
    expect(replay).toMatch(/^<resumed [^>]*\/><message /);
    expect(client.ids.filter((id) => id !== 'bind')).toEqual([...upTo(COUNT), 'later']);
    expect(replay).toMatch(
      /id="180"[^>]*>(?:(?!<message).)*<\/message><r xmlns='urn:xmpp:sm:3'\/><message [^>]*id="later"/,
    );
    expect(client.ended).toBeUndefined();
  });

  it('that is cut goes on at the next resumption, without loss or doubling', async () => {
    const { host, juliet, smId } = await queued();
    let h = 0;
    const arrived: string[] = [];
    for (let attempt = 1; attempt <= 3; attempt++) {
      const { client, before } = await resumedBy(host, smId, h);
      await hears(client, before + whole / 6);
      client.reset();
      await host.reported('hibernationStart', ROMEO, attempt + 1);
      const ids = [...client.received.matchAll(/<message [^>]*id="(\d+)"[^>]*>(?:(?!<\/?message).)*<\/message>/gs)];
      arrived.push(...ids.map(([, id]) => id ?? ''));
      h = arrived.length;
    }
    expect(h).toBeGreaterThan(0);
    sendTo(juliet, [`${COUNT + 1}`]);
    await host.reported('stanzaQueued', ROMEO, COUNT + 1);
    const { client, before } = await resumedBy(host, smId, h);
    await hears(client, before + whole - h * PADDING.length);
    await client.until(/<r xmlns='urn:xmpp:sm:3'\/>/);
    expect([...arrived, ...client.ids.filter((id) => id !== 'bind')]).toEqual(upTo(COUNT + 1));
  });

  it('takes acknowledgements that arrive meanwhile', async () => {
    const { host, smId } = await queued();
    const { client, before } = await resumedBy(host, smId, 0);
    await hears(client, before + whole / 4);
    client.write(A(10));
    await host.reported('acknowledged', ROMEO);
    await hears(client, before + whole);
    await client.until(/<r xmlns='urn:xmpp:sm:3'\/>/);
    client.write(A(COUNT));
    expect((await host.reported('acknowledged', ROMEO, 2)).stanzas).toHaveLength(COUNT - 10);
  });
});

it('stanzas that a client does not read yet, more than a transport buffers, wait in the order of the queue', async () => {
  const { host, juliet, romeo } = await start();
  romeo.deaf();
  sendTo(juliet, upTo(COUNT));
  await juliet.write(`<r xmlns='${SM}'/>`).until(/<failed/);
  romeo.reset();
  await host.reported('hibernationStart', ROMEO);
  expect(host.of('returned', ROMEO)).toEqual([]);
  const { client, before } = await resumedBy(host, romeo.smId, 0);
  await hears(client, before + whole);
  await client.until(/<r xmlns='urn:xmpp:sm:3'\/>/);
  expect(client.ids.filter((id) => id !== 'bind')).toEqual(upTo(COUNT));
});
