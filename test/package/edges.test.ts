/** A JavaScript program that gives a wrong argument to an entry gets a TypeError that names the argument (design section 8). */
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import * as check from '../../src/check.js';
import * as client from '../../src/client.js';
import * as host from '../../src/host.js';
import * as both from '../../src/index.js';
import * as sasl2 from '../../src/sasl2.js';
import * as server from '../../src/server.js';
import * as testing from '../../src/testing.js';
import * as node from '../../src/transport-node.js';
import * as webSocket from '../../src/transport-websocket.js';
import * as xml from '../../src/xml.js';
import * as xmppjs from '../../src/xmppjs.js';

/** As a program in JavaScript calls it, which no compiler has read. */
const untyped = <T>(value: T): Record<string, (...given: unknown[]) => unknown> => value as never;

const entries: Readonly<Record<string, object>> = {
  smacks: both,
  'smacks/client': client,
  'smacks/server': server,
  'smacks/xmppjs': xmppjs,
  'smacks/xml': xml,
  'smacks/sasl2': sasl2,
  'smacks/transport/node': node,
  'smacks/transport/websocket': webSocket,
  'smacks/host': host,
  'smacks/check': check,
  'smacks/testing': testing,
};

/** What happens without any argument. The pure core takes values that the compiler has checked, and never throws by intent. */
const PURE = new Set([
  ...['admits', 'advance', 'drive', 'hasTag', 'isLeft', 'isRight', 'judgeClaim'],
  ...['parseUint32', 'step', 'toArray', 'traced', 'uint32'],
]);
/** Functions that work without an argument, and one that says of any value what is wrong with it. */
const NOTHING_NEEDED = new Set([
  ...['createMemoryStore', 'createVirtualClock', 'explore', 'policy', 'readDelta', 'seedFrom'],
]);
/** ltx has its own functions; the check runs these only inside of a check; `createRandom` has a RangeError for each wrong seed. */
const OTHERS = new Set([
  ...['Element', 'clone', 'streamErrorCondition', 'anyOf', 'check', 'fail', 'parseServer', 'skip', 'sm', 'stanza'],
  ...['streamError', 'warn', 'createRandom', 'CannotRun', 'Finding', 'UnacknowledgedError'],
]);

const outcome = async (act: () => unknown): Promise<unknown> => {
  try {
    return await act();
  } catch (error) {
    return error;
  }
};

const told = async (act: () => unknown, ...words: string[]): Promise<void> => {
  const error = await outcome(act);
  expect(error).toBeInstanceOf(TypeError);
  for (const word of words) expect(String(error)).toContain(word);
};

const isClass = (value: unknown): boolean => /^class\b/.test(Function.prototype.toString.call(value));

describe('a function that is called without an argument throws a TypeError that names what it lacks:', () => {
  for (const [entry, names] of Object.entries(entries))
    for (const [name, value] of Object.entries(names)) {
      if (typeof value !== 'function' || PURE.has(name) || NOTHING_NEEDED.has(name) || OTHERS.has(name)) continue;
      it(`${name} of ${entry}`, async () => {
        const act = (): unknown => (isClass(value) ? Reflect.construct(class extends value {}, []) : value());
        await told(act);
        expect(String(await outcome(act))).toMatch(/^TypeError: [\w.]+ must be /);
      });
    }
});

/** The function, its arguments, and words of the error. */
type Call = readonly [entry: object, name: string, given: readonly unknown[], ...words: string[]];

const listener = { streamOpen() {}, element() {}, streamClose() {}, violation() {} };
const transported = { data() {}, closed() {} };
const socket = { readyState: 1, protocol: 'xmpp', send() {}, close() {}, addEventListener() {} };
const account = { user: 'juliet', password: 'secret' };
const accounts = [
  { jid: 'juliet@localhost', password: 'secret' },
  { jid: 'romeo@localhost', password: 'secret' },
];
const session = { attach: () => ({}) };
const transport = { write() {}, end() {}, destroy() {}, pause() {}, resume() {} };

describe('a function names the wrong argument, and the value that it got:', () => {
  const calls: readonly Call[] = [
    [both, 'peerViolation', ['nope', ''], 'condition must be', '"nope"'],
    [both, 'peerViolation', ['conflict', 5], 'text must be a string, not 5'],
    [both, 'refusal', ['nope'], 'condition must be', '"nope"'],
    [client, 'peerViolation', ['nope', ''], 'condition must be', '"nope"'],
    [both, 'toRecord', [null], 'state must be', 'null'],
    [server, 'toDelta', [null], 'stored must be', 'null'],
    [server, 'recordAfter', [{}, {}], 'deltas must be a list', 'an object'],
    [server, 'createMemoryStore', [{ maxHibernatedSessions: -1 }], 'options.maxHibernatedSessions', '-1'],
    [server, 'createMemoryStore', [{ maxOldSessions: '9' }], 'options.maxOldSessions', '"9"'],
    [server, 'createMemoryStore', [{ oldSessionLifetime: Number.NaN }], 'options.oldSessionLifetime', 'NaN'],
    [server, 'createMemoryStore', [{ foo: 1 }], 'a name in options', 'maxOldSessions', '"foo"'],
    [xml, 'createStreamParser', [{ maxDepth: 'x' }, listener], 'options.maxDepth', '"x"'],
    [xml, 'createStreamParser', [{ maxLength: 9 }, listener], 'a name in options', 'maxDepth', '"maxLength"'],
    [xml, 'createStreamParser', [{}, { ...listener, element: 1 }], 'listener.element'],
    [xml, 'parseElement', [5], 'text must be a string, not 5'],
    [xml, 'parseElement', ['<a/>', { foo: 1 }], 'a name in limits', '"foo"'],
    [xml, 'print', ['<a/>'], 'element must be an Element, not "<a/>"'],
    [xml, 'encodeNonza', [{ name: 'ack' }, both.SM_3], 'nonza must be'],
    [xml, 'encodeNonza', [{ name: 'r' }], 'xmlns must be', 'undefined'],
    [xml, 'stampDelay', [new xml.Element('message'), { stamp: 'now' }], 'delay.stamp', '"now"'],
    [sasl2, 'answerInline', [{ account: 'juliet@localhost', request: '<authenticate/>' }, {}], 'proof.request'],
    [node, 'listen', [{ port: 70_000 }, () => transported], 'options.port', '70000'],
    [node, 'listen', [{ port: 0, tls: { key: 5, cert: '' } }, () => transported], 'options.tls.key'],
    [node, 'listen', [{ port: 0 }], 'onConnection must be a function'],
    [node, 'connect', [{ port: 5222 }, transported], 'options.host', 'undefined'],
    [node, 'connect', [{ host: 'localhost', port: 5222 }, {}], 'listener.data'],
    [webSocket, 'fromWebSocket', [socket], 'listen must be a function'],
    [webSocket, 'fromWebSocket', [socket, () => transported, { secured: true }], 'a name in options', '"secured"'],
    [webSocket, 'fromWebSocket', [socket, () => ({})], 'listener.data'],
    [host, 'createHost', [{ accounts: 'x' }], 'options.accounts', '"x"'],
    [host, 'createHost', [{ accounts: [account, null] }], 'options.accounts[1]', 'null'],
    [host, 'createHost', [{ accounts: [account], foo: 1 }], 'a name in options', 'maxResources', '"foo"'],
    [host, 'createHost', [{ accounts: [account], maxResources: 0 }], 'options.maxResources', '0'],
    [host, 'createHost', [{ accounts: [account], maxHibernatedSessions: -1 }], 'options.maxHibernatedSessions', '-1'],
    [host, 'createHost', [{ accounts: [account], onExpiry: 'keep' }], 'options.onExpiry', '"keep"'],
    [host, 'createHost', [{ accounts: [account], policy: { resume: 1 } }], 'policy.resume', '1'],
    [host, 'createHost', [{ accounts: [account], s2s: { peers: { 'a.example': {} } } }], 'peers["a.example"].host'],
    [check, 'checksNamed', ['nope'], 'name must be', '"nope"'],
    [check, 'checkServer', [{ server: 'localhost:5222', accounts, foo: 1 }], 'foo: unknown', 'patience'],
    [
      check,
      'checkServer',
      [{ server: 'localhost:5222', accounts, checks: ['features'] }],
      'checks: not a list of checks',
    ],
    [testing, 'createPair', [{ policies: {}, foo: 1 }], 'a name in options', '"foo"'],
    [testing, 'createVirtualClock', ['now'], 'start must be', '"now"'],
    [xmppjs, 'streamManagement', [{ start() {} }], 'xmpp must be a client of @xmpp/client 0.14'],
  ];
  for (const [entry, name, given, ...words] of calls)
    it(`${name}: ${words.join(' ')}`, () => told(() => untyped(entry)[name]?.(...given), ...words));

  it('createHost: no password is shown', async () => {
    const error = await outcome(() => untyped(host).createHost?.({ accounts: [{ user: 'juliet', password: 20_250 }] }));
    expect(String(error)).toContain('options.accounts[0].password');
    expect(String(error)).not.toContain('20250');
  });

  it('listen of a host: the port', async () => {
    const running = await host.createHost({ accounts: [account], scramIterations: 1 });
    await told(() => untyped(running).listen?.({ host: '127.0.0.1', port: '5222' }), 'options.port', '"5222"');
    await told(
      () => untyped(running).listen?.({ host: '127.0.0.1', port: 0, tls: true }),
      'a name in options',
      '"tls"',
    );
    await running.close();
  });

  it('write, restart and setLimits of a parser', async () => {
    for (const make of [xml.tcpFraming.createParser, xml.webSocketFraming.createParser]) {
      const parser = untyped(make({}, listener));
      await told(() => parser.write?.(5), 'text must be a string, not 5');
      await told(() => parser.setLimits?.({ maxDepth: 0 }), 'limits.maxDepth', '0');
      await told(() => parser.restart?.({ maxLength: 1 }), 'a name in limits', '"maxLength"');
    }
  });

  it('the constructor of an XmlStream', async () => {
    class Stream extends client.XmlStream {
      header = () => ({});
      streamOpen(): void {}
      negotiate(): void {}
    }
    const make = (...given: unknown[]): unknown => Reflect.construct(Stream, given);
    await told(() => make({}, transport, xml.tcpFraming), 'session.attach');
    await told(() => make(session, { ...transport, end: 1 }, xml.tcpFraming), 'transport.end', '1');
    await told(() => make(session, transport, {}), 'framing.header');
    await told(() => make(session, transport, xml.tcpFraming, { maxDepth: -1 }), 'maxDepth', '-1');
  });

  it('fromSocket and the functions for TLS', async () => {
    const plain = createServer();
    await told(() => untyped(node).fromSocket?.(plain, transported), 'socket.');
    await told(() => untyped(node).startTlsServer?.(transport, {}), 'transport must be a NodeTransport');
    await told(() => untyped(node).startTlsClient?.(transport, {}), 'transport must be a NodeTransport');
  });
});
