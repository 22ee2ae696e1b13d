import { describe, expect, it } from 'vitest';
import { connectRaw, HEADER, streamError } from '../support/raw-client.js';
import { startHost } from '../support/test-host.js';
import { identity as tls } from '../support/tls-identity.js';

const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
const STARTTLS = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";

describe('before stream management', () => {
  it('the host offers STARTTLS first, then authentication, then <bind/> and <sm/> (F-1)', async () => {
    const host = await startHost({ tls });
    const client = await host.connect();
    await client.startTls();
    expect(client.received).toContain('<starttls ');
    const before = client.received.length;
    await client.open();
    // What SASL2 would take inside is not offered to the stream itself.
    const secured = client.received.slice(before).replace(/<authentication .*<\/authentication>/, '');
    expect(secured).toMatch(/^<\?xml .*<mechanism>PLAIN<\/mechanism>/);
    expect(secured).not.toMatch(/starttls|urn:xmpp:sm:3|<bind/);
    await client.authenticate('romeo');
    await client.open();
    expect(client.received).toMatch(/<bind [^>]*>.*<sm xmlns='urn:xmpp:sm:3'\/><\/stream:features>$/);
    await client.bind('a');
    expect(await client.enable()).not.toBe('');
    client.reset();
  });

  it('over direct TLS the host offers no STARTTLS', async () => {
    const host = await startHost({ tls });
    const { port } = await host.host.listen({ host: '127.0.0.1', port: 0, direct: true });
    const client = await connectRaw(port, true);
    await client.login('romeo');
    expect(client.received).not.toContain('starttls');
    expect(await client.bind('a')).toBe('romeo@localhost/a');
    await client.write(STARTTLS).last(streamError('policy-violation'));
  });

  it('STARTTLS is refused after a login has begun, because its answer would come inside TLS, perhaps to an attacker', async () => {
    const host = await startHost({ tls });
    const client = await host.connect();
    await client.open();
    const auth = `<auth xmlns='${SASL}' mechanism='PLAIN'>${Buffer.from('\0romeo\0romeo-secret').toString('base64')}</auth>`;
    await client.write(auth + STARTTLS).gone();
    expect(client.received).not.toContain('<proceed');
    expect(client.received).toContain('<policy-violation ');
  });

  it('STARTTLS without a certificate is refused', async () => {
    const host = await startHost();
    const client = await host.connect();
    await client.open();
    await client.write(STARTTLS).last(streamError('policy-violation'));
  });

  it('a client need not wait for <success/> to begin its next stream (XEP-0305, H20)', async () => {
    const host = await startHost();
    const client = await host.connect();
    await client.open();
    const auth = `<auth xmlns='${SASL}' mechanism='PLAIN'>${Buffer.from('\0romeo\0romeo-secret').toString('base64')}</auth>`;
    await client.write(auth + HEADER).until(/<success .*<stream:stream .*<bind /);
  });

  it('the third wrong password ends the stream', async () => {
    const host = await startHost();
    const client = await host.connect();
    await client.open();
    const auth = `<auth xmlns='${SASL}' mechanism='PLAIN'>${Buffer.from('\0romeo\0wrong').toString('base64')}</auth>`;
    const failure = `<failure xmlns='${SASL}'><not-authorized/></failure>`;
    await client.write(auth).expect(failure);
    await client.write(auth).expect(failure);
    await client
      .write(auth)
      .last(failure + streamError('policy-violation', 'Too many failed attempts to authenticate'));
  });
});
