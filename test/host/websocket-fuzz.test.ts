import { randomBytes } from 'node:crypto';
import * as net from 'node:net';
import { expect, it } from 'vitest';
import { createHost } from '../../src/host/host.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { createRandom, type Random, seedFrom } from '../../src/testing/random.js';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import { isDeep, rounds } from '../support/effort.js';
import { connectRawWebSocket, message, resume, SM } from '../support/raw-client.js';

const STREAMS = rounds(1_000, 300);
const AT_ONCE = 8;

it(`${STREAMS} mutated WebSockets do not crash the host, block it or stay in its memory (S-2, S-3)`, async () => {
  const seed = seedFrom(process.env.SEED);
  console.log(`SEED=${seed}`);
  const clock = createVirtualClock(Date.now());
  const store = createMemoryStore();
  const outcomes = { ended: 0, enabled: 0, violation: 0, hibernationStart: 0 };
  const host = await createHost({
    accounts: [{ user: 'romeo', password: 'romeo-secret' }],
    store,
    clock,
    onEvent: ({ report }) => {
      if (report.type in outcomes) outcomes[report.type as keyof typeof outcomes] += 1;
    },
  });
  const { port } = await host.listen({ host: '127.0.0.1', port: 0, websocket: true });
  let left = STREAMS;
  const worker = async (): Promise<void> => {
    while (left-- > 0) {
      // Each stream has a generator of its own: how they interleave changes none of them.
      await play(port, createRandom((seed + left) % 2 ** 32));
      clock.advance(10);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const sizeAfterAWhile = () => {
    clock.advance(600_000);
    return store.size;
  };
  // The host may still be hearing of the last connections' ends.
  await expect.poll(sizeAfterAWhile).toMatchObject({ live: 0, hibernating: 0 });
  console.log(JSON.stringify(outcomes));
  // The mutations are not so wild that nothing works any more.
  for (const count of Object.values(outcomes)) expect(count).toBeGreaterThan(isDeep ? 10 : 0);

  const good = await connectRawWebSocket(port);
  await good.login('romeo');
  await good.bind('good');
  await good.enable();
  expect(await good.ask()).toBe(0);
  good.reset();
  await host.close();
});

const FRAMING = "xmlns='urn:ietf:params:xml:ns:xmpp-framing'";
const OPEN = `<open ${FRAMING} to='localhost' version='1.0'/>`;
const AUTH = `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${Buffer.from('\0romeo\0romeo-secret').toString('base64')}</auth>`;
const BIND = "<iq xmlns='jabber:client' type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>";
const ENABLE = `<enable xmlns='${SM}' resume='true'/>`;
const TALK = [
  "<presence xmlns='jabber:client'/>",
  message('romeo@localhost', '1').replace('<message', "<message xmlns='jabber:client'"),
  `<r xmlns='${SM}'/>`,
  `<a xmlns='${SM}' h='1'/>`,
  `<close ${FRAMING}/>`,
];
const ODD = [
  '',
  ' ',
  '<',
  '<a/><b/>',
  "<?xml version='1.0'?>",
  OPEN,
  resume('x', 0),
  '<a>'.repeat(70),
  'x'.repeat(300_000),
];

const [CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG] = [0, 1, 2, 8, 9, 10];

/** The messages of a login wait for their answers; the rest is mutated, as messages, as frames and as bytes. */
const play = async (port: number, random: Random): Promise<void> => {
  const socket = net.connect({ host: '127.0.0.1', port, noDelay: true });
  let received = '';
  let closed = false;
  let stirred = (): void => {};
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    received += bytes.toString('latin1');
    stirred();
  });
  const over = new Promise<void>((resolve, reject) => {
    const hung = setTimeout(() => reject(new Error(`the host hangs: ${received}`)), 60_000);
    socket.on('close', () => {
      clearTimeout(hung);
      closed = true;
      stirred();
      resolve();
    });
  });
  const until = async (pattern: RegExp): Promise<void> => {
    while (!closed && !pattern.test(received)) await new Promise<void>((resolve) => (stirred = resolve));
  };
  socket.write(upgrade(random));
  await until(/\r\n\r\n/);
  socket.write(Buffer.concat([OPEN, AUTH].map((text) => frame(TEXT, text))));
  await until(/<success /);
  const messages = [OPEN, BIND, ENABLE, ...TALK];
  if (random.chance(0.5)) messages.splice(random.integer(0, messages.length), 0, random.pick(ODD));
  let bytes = Buffer.concat(messages.flatMap((text) => frames(random, text)));
  for (let flips = random.chance(0.5) ? 0 : random.integer(1, 3); flips > 0; flips--) {
    const at = random.integer(0, bytes.length - 1);
    if (random.chance(0.3)) bytes = bytes.subarray(0, at + 1);
    else bytes[at] = (bytes[at] ?? 0) ^ (1 << random.integer(0, 7));
  }
  const cut = random.integer(0, bytes.length);
  for (const piece of [bytes.subarray(0, cut), bytes.subarray(cut)]) {
    socket.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (random.chance(0.8)) socket.end();
  else socket.resetAndDestroy();
  await over;
};

/** Sometimes with a header that is not right. */
const upgrade = (random: Random): string => {
  const key = randomBytes(16).toString('base64');
  const lines = [
    'GET /xmpp-websocket HTTP/1.1',
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${key}`,
    'Sec-WebSocket-Protocol: xmpp',
  ];
  if (random.chance(0.05)) lines.splice(random.integer(1, lines.length - 1), 1);
  return `${lines.join('\r\n')}\r\n\r\n`;
};

const frames = (random: Random, text: string): Buffer[] => {
  switch (random.integer(0, 19)) {
    case 0:
      return [frame(BINARY, text)];
    case 1:
      return [frame(PING, 'x'), frame(PONG, 'x'), frame(TEXT, text)];
    case 2:
      return [frame(TEXT, text, { fin: random.chance(0.1) }), frame(CONTINUATION, '')];
    case 3: {
      const at = random.integer(0, text.length);
      return [frame(TEXT, text.slice(0, at), { fin: false }), frame(PING, ''), frame(CONTINUATION, text.slice(at))];
    }
    case 4:
      return random.chance(0.2) ? [frame(CLOSE, '\x03\xe8')] : [frame(TEXT, text)];
    default:
      return [frame(TEXT, text)];
  }
};

/** Masked with zeros, as a mask that changes nothing. */
const frame = (opcode: number, text: string, { fin = true } = {}): Buffer => {
  const payload = Buffer.from(text, opcode === CLOSE ? 'latin1' : 'utf8');
  const head = Buffer.alloc(payload.length < 126 ? 2 : payload.length < 65536 ? 4 : 10);
  head[0] = (fin ? 0x80 : 0) | opcode;
  if (head.length === 2) head[1] = 0x80 | payload.length;
  else if (head.length === 4) {
    head[1] = 0x80 | 126;
    head.writeUInt16BE(payload.length, 2);
  } else {
    head[1] = 0x80 | 127;
    head.writeBigUInt64BE(BigInt(payload.length), 2);
  }
  return Buffer.concat([head, Buffer.alloc(4), payload]);
};
