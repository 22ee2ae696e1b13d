import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { failed, HEADER, message, type RawClient, resume, streamError } from '../support/raw-client.js';
import { startHost } from '../support/test-host.js';

const restricted = (text: string): string => streamError('restricted-xml', text);
const broken = (text: string): string => streamError('not-well-formed', text);

/** The host answers with a header of its own first. */
const lastAfterHeader = async (client: RawClient, bytes: string): Promise<void> => {
  await client.until(
    /^<\?xml version='1\.0'\?><stream:stream xmlns='jabber:client' xmlns:stream='http:\/\/etherx\.jabber\.org\/streams' id='[^']+' from='localhost' version='1\.0' xml:lang='en'>/,
  );
  await client.last(bytes);
};

describe('XML that XMPP forbids (S-3)', () => {
  it.each([
    ['a document type declaration', '<!DOCTYPE x>', restricted('inappropriately located doctype declaration.')],
    ['a comment', '<!-- x -->', restricted('comment')],
    ['a processing instruction', '<?x y?>', restricted('processing instruction')],
    ['an entity reference', '<message><body>&nbsp;</body></message>', restricted('undefined entity.')],
    ['NUL', '<message><body>\0</body></message>', broken('disallowed character.')],
    ['a reference to NUL', '<message><body>&#0;</body></message>', broken('malformed character entity.')],
    ['a duplicate attribute', "<message to='a' to='b'/>", broken('duplicate attribute: to.')],
    ['a name that begins with a digit', '<1a/>', broken('disallowed character in tag name')],
    ['tags that do not match', '<message><body></message></body>', broken('unexpected close tag.')],
    ['an undeclared prefix', '<x:message/>', broken('undeclared prefix of an element')],
    ['text between elements', 'hello<message/>', streamError('bad-format', 'text between the elements of a stream')],
    [
      'bytes that are not UTF-8',
      Buffer.from([0x3c, 0x61, 0xff, 0x3e]),
      streamError('unsupported-encoding', 'a stream is in UTF-8'),
    ],
    [
      'an overlong encoding of <',
      Buffer.from([0xc0, 0xbc]),
      streamError('unsupported-encoding', 'a stream is in UTF-8'),
    ],
    ['an element that means nothing', "<foo xmlns='bar'/>", streamError('unsupported-stanza-type')],
    ['a stanza in another namespace', "<message xmlns='jabber:server'/>", streamError('unsupported-stanza-type')],
  ])('%s ends the stream and the session, whose last h stays readable', async (_name, bytes, answer) => {
    const host = await startHost();
    const client = await host.enabled('romeo', 'a');
    client.write(message('juliet@localhost', '1'));
    await client.ask();
    await client.write(bytes).last(answer);
    const again = await host.login('romeo');
    await again.write(resume(client.smId, 0)).expect(failed('item-not-found', { h: 1 }));
  });

  it.each([
    ['garbage', 'GET / HTTP/1.1\r\n\r\n', broken('text data outside of root node.')],
    [
      'a stanza',
      '<message/>',
      streamError('invalid-namespace', 'a stream is opened in http://etherx.jabber.org/streams'),
    ],
    ['a document type declaration', '<!DOCTYPE x>', restricted('document type declaration')],
    [
      'another encoding',
      HEADER.replace("version='1.0'?", "version='1.0' encoding='ISO-8859-1'?"),
      streamError('unsupported-encoding', 'a stream is XML 1.0 in UTF-8'),
    ],
    [
      'another version of XML',
      HEADER.replace("version='1.0'?", "version='1.1'?"),
      streamError('unsupported-encoding', 'a stream is XML 1.0 in UTF-8'),
    ],
    ['a stream to another domain', HEADER.replace('localhost', 'example.org'), streamError('host-unknown')],
    ['a stream of servers', HEADER.replace('jabber:client', 'jabber:server'), streamError('invalid-namespace')],
    ['a stream without version', HEADER.replace(" version='1.0'>", '>'), streamError('unsupported-version')],
    [
      'another stream namespace',
      HEADER.replace('etherx.jabber.org', 'example.org'),
      streamError('invalid-namespace', 'a stream is opened in http://etherx.jabber.org/streams'),
    ],
    ['bytes that are not UTF-8', Buffer.from([0xfe]), streamError('unsupported-encoding', 'a stream is in UTF-8')],
  ])('%s in place of a stream header is answered after a header (RFC 6120 4.9.1.2)', async (_name, bytes, answer) => {
    const host = await startHost();
    const client = await host.connect();
    await lastAfterHeader(client.write(bytes), answer);
  });

  it('a bad header after authentication is also answered after a header', async () => {
    const host = await startHost();
    const client = await host.connect();
    await client.open();
    await client.authenticate('romeo');
    await lastAfterHeader(client.write(HEADER.replace('localhost', 'example.org')), streamError('host-unknown'));
  });
});

describe('a stanza too early', () => {
  it('ends the stream before authentication', async () => {
    for (const stanza of [
      message('juliet@localhost', '1'),
      '<presence/>',
      "<iq type='get' id='1'><x xmlns='y'/></iq>",
    ]) {
      const host = await startHost();
      const client = await host.connect();
      await client.open();
      await client.write(stanza).last(streamError('not-authorized'));
    }
  });

  it('is refused before bind, and the stream goes on', async () => {
    const host = await startHost();
    const client = await host.login('romeo');
    const error = (attributes: string, name = 'message') =>
      `<${name} xmlns="jabber:client" ${attributes} type="error"><error type="auth"><not-authorized xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"/></error></${name}>`;
    client.write(message('juliet@localhost', '1'));
    await client.expect(error('from="juliet@localhost" id="1"'));
    client.write("<iq type='result' id='2'/><iq type='get' id='3'><query xmlns='jabber:iq:roster'/></iq>");
    await client.expect(error('id="3"', 'iq'));
    expect(await client.bind('a')).toBe('romeo@localhost/a');
    await client.enable();
    expect(await client.ask()).toBe(0);
  });
});

describe('size and depth (S-2, S-3)', () => {
  const tooLong = streamError('policy-violation', 'element too long');

  it('10,000 nested elements end the stream', async () => {
    const host = await startHost();
    const client = await host.enabled('romeo', 'a');
    const text = 'elements nested deeper than 64';
    await client.write(`<message>${'<a>'.repeat(10_000)}`).last(streamError('policy-violation', text));
  });

  it('an attribute of 1 MB, and 10,000 attributes, end the stream', async () => {
    const host = await startHost();
    const one = await host.enabled('romeo', 'a');
    one.write(`<message id='${'x'.repeat(1 << 20)}'/>`);
    await one.until(new RegExp(`^${tooLong}`));
    const two = await host.enabled('romeo', 'b');
    two.write(`<message ${Array.from({ length: 10_000 }, (_, i) => `a${i}=''`).join(' ')}/>`);
    await two.until(new RegExp(`^${streamError('policy-violation', 'more than 64 attributes')}`));
  });

  it('a stanza of 20 MB ends the stream long before its end, and costs little memory', async () => {
    const host = await startHost();
    const client = await host.enabled('romeo', 'a');
    const piece = Buffer.alloc(64 * 1024, 'x');
    const before = heapUsed();
    client.write('<message><body>');
    for (let sent = 0; sent < 20 << 20; sent += piece.length) client.write(piece);
    await client.until(new RegExp(`^${tooLong}`));
    expect(heapUsed() - before).toBeLessThan(4 << 20);
  });

  it('white space between elements is neither counted nor kept, however much there is (A-3)', async () => {
    const host = await startHost();
    const client = await host.enabled('romeo', 'a');
    for (let piece = 0; piece < 40; piece++) client.write(' \n\t\r'.repeat(16 * 1024));
    expect(await client.ask()).toBe(0);
  });
});

const heapUsed = (): number => {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
};
