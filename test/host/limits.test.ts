import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import { connectRaw, HEADER, type RawClient, STANZAS, streamError } from '../support/raw-client.js';
import { startHost, type TestHost } from '../support/test-host.js';
import { identity as tls } from '../support/tls-identity.js';

const auth = (content: string): string => `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>${content}</auth>`;

const HOSTILE: readonly [string, string, string][] = [
  ['size', auth('x'.repeat(16 * 1024)), 'element too long'],
  ['depth', `${'<a>'.repeat(9)}`, 'elements nested deeper than 8'],
  ['elements', auth('<a/>'.repeat(64)), 'more than 64 elements'],
];

describe('before authentication (S-2)', () => {
  it.each(HOSTILE)('an element beyond the small limit of %s ends the stream', async (_, xml, text) => {
    const host = await startHost({ tls });
    const plain = await host.connect();
    await plain.open();
    await plain.write(xml).last(streamError('policy-violation', text));
    const secured = await host.connect();
    await secured.startTls();
    await secured.open();
    await secured.write(xml).last(streamError('policy-violation', text));
  });

  it('a header beyond the small limit of size ends the stream', async () => {
    const host = await startHost();
    const client = await host.connect();
    client.write(HEADER.replace('to=', `x='${'x'.repeat(16 * 1024)}' to=`));
    await client.until(/<policy-violation /);
  });

  it('the limits are small, and afterwards they are those of stanzas', async () => {
    const host = await startHost();
    const client = await host.bound('romeo', 'a');
    const payload = `${'<a>'.repeat(60)}${'</a>'.repeat(60)}${'<b/>'.repeat(9_000)}${'x'.repeat(200_000)}`;
    client.write(`<message to='romeo@localhost/a' id='big'>${payload}</message>`);
    await client.until(/id="big".*<\/message>/s);
  });
});

describe('connections that have not authenticated (S-2)', () => {
  const serves = (client: RawClient): Promise<void> => client.write(HEADER).heard(/<\/stream:features>/);

  /** Whether it is dropped, perhaps before it knows that it was accepted. */
  const isNextDropped = ({ connect }: Pick<TestHost, 'connect'>): Promise<boolean> =>
    connect().then(
      async (client) => {
        await client.gone();
        return client.received === '';
      },
      () => true,
    );

  /** The host may learn a little later than we that a connection is gone. */
  const hasRoom = (host: TestHost): Promise<void> =>
    expect
      .poll(() =>
        host
          .connect()
          .then(serves)
          .then(
            () => true,
            () => false,
          ),
      )
      .toBe(true);

  it('are at most maxUnauthenticated; a further connection is dropped at once', async () => {
    const host = await startHost({ maxUnauthenticated: 2 });
    const [one, two] = [await host.connect(), await host.connect()];
    expect(await isNextDropped(host)).toBe(true);
    await serves(one);
    await serves(two);
  });

  it('stop counting when they authenticate, and when they end', async () => {
    const host = await startHost({ maxUnauthenticated: 1 });
    const one = await host.login('romeo');
    const two = await host.connect();
    await serves(two);
    expect(await isNextDropped(host)).toBe(true);
    two.write('</stream:stream>').fin();
    await two.gone();
    await hasRoom(host);
    expect(await one.bind('a')).toBe('romeo@localhost/a');
  });

  it('also count during the handshake of direct TLS', async () => {
    const host = await startHost({ tls, maxUnauthenticated: 1 });
    const { port } = await host.host.listen({ host: '127.0.0.1', port: 0, direct: true });
    const silent = await connectRaw(port);
    // Only connections to the same port are accepted in their order.
    expect(await isNextDropped({ connect: () => connectRaw(port) })).toBe(true);
    expect(await isNextDropped(host)).toBe(true);
    silent.reset();
  });

  it('end after negotiationTime, and then no longer count', async () => {
    const clock = createVirtualClock(Date.now());
    const host = await startHost({ clock, maxUnauthenticated: 1 });
    const silent = await host.connect();
    expect(await isNextDropped(host)).toBe(true);
    clock.advance(30_000);
    await silent.gone();
    silent.fin();
    await hasRoom(host);
  });
});

describe('the resources of an account (S-2)', () => {
  const bind = (resource: string): string =>
    `<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>${resource}</resource></bind></iq>`;

  it('are at most maxResources; a further resource gets resource-constraint, unless it replaces a resource of the same name', async () => {
    const host = await startHost({ maxResources: 2 });
    const one = await host.enabled('romeo', 'a');
    await host.bound('romeo', 'b');
    one.reset();
    await host.reported('hibernationStart', 'romeo@localhost/a');
    const client = await host.login('romeo');
    client.write(bind('c'));
    await client.until(
      new RegExp(`^<iq [^>]*type="error"[^>]*><error type="wait"><resource-constraint xmlns="${STANZAS}"/>`),
    );
    await client.until(/<\/iq>/);
    expect(await client.bind('a')).toBe('romeo@localhost/a');
    await host.bound('juliet', 'a');
  });

  it('stop counting when they end', async () => {
    const host = await startHost({ maxResources: 1 });
    const one = await host.bound('romeo', 'a');
    one.write('</stream:stream>');
    await host.reported('ended', 'romeo@localhost/a');
    expect(await (await host.login('romeo')).bind('b')).toBe('romeo@localhost/b');
  });
});
