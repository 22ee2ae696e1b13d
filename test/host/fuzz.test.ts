import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import * as net from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { createHost } from '../../src/host/host.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { createRandom, type Random, seedFrom } from '../../src/testing/random.js';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import { isDeep, rounds } from '../support/effort.js';
import { connectRaw, HEADER, message, PATIENCE, resume, SM } from '../support/raw-client.js';

const STREAMS = rounds(10_000);
const WARM_UP = rounds(2_000);
const AT_ONCE = 16;
const USERS = ['romeo', 'juliet', 'nurse'];

it(`${STREAMS} mutated streams do not crash the host, block it or stay in its memory (S-2, S-3, X-2)`, async () => {
  const seed = seedFrom(process.env.SEED);
  console.log(`SEED=${seed}`);
  const clock = createVirtualClock(Date.now());
  const store = createMemoryStore({ maxHibernatedSessions: 4 });
  const smIds = new Map(USERS.map((user): [string, string[]] => [user, ['never-there']]));
  const outcomes = { ended: 0, enabled: 0, resumed: 0, violation: 0, hibernationStart: 0, evicted: 0 };
  const host = await createHost({
    accounts: USERS.map((user) => ({ user, password: `${user}-secret` })),
    store,
    clock,
    acceptSm2: true,
    policy: { hibernationTime: 30, maxQueueStanzas: 200, overflowGrace: 1, maxAckDelay: 1, deadAfter: 2, ackIdle: 0.5 },
    onEvent: ({ report }) => {
      if (report.type in outcomes) outcomes[report.type as keyof typeof outcomes] += 1;
    },
  });
  const { port } = await host.listen({ host: '127.0.0.1', port: 0 });
  let begun = 0;
  let opened = 0;

  const attack = async (): Promise<void> => {
    // Each stream has a generator of its own: how they interleave changes none of them.
    const random = createRandom((seed + begun++) % 2 ** 32);
    const user = random.pick(USERS);
    const known = smIds.get(user) ?? [];
    const id = await playStream(port, user, makePlan(random, user, known));
    opened += 1;
    if (id !== undefined) known.push(id);
    if (known.length > 8) known.shift();
    clock.advance(10);
  };
  const run = async (count: number): Promise<void> => {
    let left = count;
    const worker = async (): Promise<void> => {
      while (left-- > 0) await attack();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  };

  await run(WARM_UP);
  const before = heapUsed();
  await run(STREAMS - WARM_UP);
  const endedAfterAWhile = (): number => {
    clock.advance(60_000);
    return outcomes.ended;
  };
  // The host may still be hearing of the last connections' ends.
  await expect.poll(endedAfterAWhile, { timeout: PATIENCE }).toBe(STREAMS);
  const grown = heapUsed() - before;
  console.log(`${opened} streams ${JSON.stringify(outcomes)}, heap grew by ${Math.round(grown / 1024)} KiB`);

  expect(opened).toBe(STREAMS);
  expect(store.size).toMatchObject({ live: 0, hibernating: 0 });
  expect(store.size.remembered).toBeLessThanOrEqual(10 * USERS.length);
  expect(grown).toBeLessThan(8 << 20);
  // The mutations are not so wild that nothing works any more.
  for (const count of Object.values(outcomes)) expect(count).toBeGreaterThan(isDeep ? 20 : 0);

  const good = await connectRaw(port);
  await good.login('romeo');
  await good.bind('good');
  const smId = await good.enable();
  good.write(`<presence to='juliet@localhost' type='subscribe'/><presence to='juliet@localhost' type='probe'/>`);
  expect(await good.ask()).toBe(2);
  expect(good.received).not.toContain('from="juliet@localhost/');
  good.reset();
  const back = await connectRaw(port);
  await back.login('romeo');
  expect(await back.resume(smId, 0)).toBe(2);
  back.reset();
  await host.close();
  expect(store.size).toMatchObject({ live: 0, hibernating: 0 });
}, 600_000);

interface Plan {
  /** Log in first, untouched by mutation. */
  readonly login: boolean;
  readonly pieces: readonly Buffer[];
  readonly end: 'fin' | 'rst';
}

const makePlan = (random: Random, user: string, smIds: readonly string[]): Plan => {
  const login = random.chance(0.8);
  const elements = recorded(random, user, random.pick(smIds));
  if (!login) elements.unshift(HEADER, random.pick(PLAINS));
  const changes = random.integer(0, 3);
  for (let change = 0; change < changes; change++) mutateElements(random, elements);
  let bytes: Buffer = Buffer.from(elements.join(''));
  const flips = random.chance(0.5) ? 0 : random.integer(1, 3);
  for (let change = 0; change < flips; change++) bytes = mutateBytes(random, bytes);
  return { login, pieces: split(random, bytes), end: random.chance(0.8) ? 'fin' : 'rst' };
};

const BIND = (resource: string): string =>
  `<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>${resource}</resource></bind></iq>`;
const ENABLE = `<enable xmlns='${SM}' resume='true'/>`;
const R = `<r xmlns='${SM}'/>`;
const A = (h: number): string => `<a xmlns='${SM}' h='${h}'/>`;
const PING = "<iq type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>";
const PLAINS = USERS.map(
  (user) =>
    `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${Buffer.from(`\0${user}\0wrong`).toString('base64')}</auth>`,
);

/** What sound clients send, element by element. */
const recorded = (random: Random, user: string, smId: string): string[] => {
  const resource = `${random.integer(0, 99)}`;
  const others = USERS.filter((other) => other !== user);
  const chat = Array.from({ length: random.integer(1, 8) }, (_, index) =>
    message(`${random.pick(others)}@localhost${random.pick(['', '/a', '/b'])}`, `${index}`, random.pick(TYPES)),
  );
  const talk = ['<presence/>', ...chat, R, A(random.integer(0, 1)), PING, "<inactive xmlns='urn:xmpp:csi:0'/>", R];
  const close = random.chance(0.5) ? ['</stream:stream>'] : [];
  return random.pick([
    [BIND(resource), ENABLE, ...talk, ...close],
    [BIND(resource), `<enable xmlns='${SM}'/>`, ...talk, ...close],
    [BIND(resource), ...talk, ...close],
    [resume(smId, random.integer(0, 3)), ...talk, ...close],
    [resume(smId, 0), BIND(resource), ENABLE, ...talk, ...close],
  ]);
};

const TYPES = ['chat', 'normal', 'groupchat', 'headline', 'error'];
const NUMBERS = ['', '0', '-1', '1', '4294967295', '4294967296', '0x1', '1e9', ' 1 ', 'NaN', '99999999999999999999'];
const NAMES = ['enable', 'enabled', 'resume', 'resumed', 'failed', 'r', 'a', 'sm', 'location', 'constructor'];
const ODD = ['<x/>', '<!-- -->', '<?x y?>', '&x;', '&#0;', ']]>', '<![CDATA[x]]>', '<a>'.repeat(70), '\u{1F9A6}', "'"];

const mutateElements = (random: Random, elements: string[]): void => {
  const at = random.integer(0, Math.max(0, elements.length - 1));
  const to = random.integer(0, Math.max(0, elements.length - 1));
  switch (random.integer(0, 4)) {
    case 0: {
      const odd = ['h', 'max', 'previd', 'id', 'resume'].filter(() => random.chance(0.4));
      const attributes = odd.map((name) => `${name}='${random.pick([...NUMBERS, 'true', 'x'].filter(Boolean))}'`);
      const xmlns = random.chance(0.9) ? SM : 'urn:xmpp:sm:2';
      elements.splice(at, 0, `<${random.pick(NAMES)} xmlns='${xmlns}' ${attributes.join(' ')}/>`);
      break;
    }
    case 1:
      elements.splice(at, 0, ...elements.slice(to, to + 3));
      break;
    case 2:
      elements.splice(at, random.integer(1, 2));
      break;
    case 3:
      [elements[at], elements[to]] = [elements[to] ?? '', elements[at] ?? ''];
      break;
    default:
      elements.splice(at, 0, random.pick(ODD));
  }
};

const mutateBytes = (random: Random, bytes: Buffer): Buffer => {
  if (bytes.length === 0) return bytes;
  const at = random.integer(0, bytes.length - 1);
  const to = Math.min(bytes.length, at + random.integer(1, 40));
  switch (random.integer(0, 3)) {
    case 0: {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << random.integer(0, 7));
      return flipped;
    }
    case 1:
      return bytes.subarray(0, at);
    case 2:
      return Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)]);
    default:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]);
  }
};

const split = (random: Random, bytes: Buffer): Buffer[] => {
  const cuts = Array.from({ length: random.integer(0, 3) }, () => random.integer(0, bytes.length)).sort(
    (a, b) => a - b,
  );
  return [...cuts, bytes.length].map((cut, index) => bytes.subarray(cuts[index - 1] ?? 0, cut));
};

/** @returns the SM-ID that was granted, if one was */
const playStream = async (port: number, user: string, { login, pieces, end }: Plan): Promise<string | undefined> => {
  const socket = net.connect({ host: '127.0.0.1', port, noDelay: true });
  let received = '';
  let stirred = (): void => {};
  let closed = false;
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    received += bytes;
    stirred();
  });
  const over = new Promise<void>((resolve, reject) => {
    const hung = setTimeout(() => reject(new Error(`the host hangs after ${pieces.join('|')}: ${received}`)), PATIENCE);
    socket.on('close', () => {
      clearTimeout(hung);
      closed = true;
      stirred();
      resolve();
    });
  });
  const until = async (pattern: RegExp): Promise<string> => {
    while (!closed && !pattern.test(received)) await new Promise<void>((resolve) => (stirred = resolve));
    return pattern.exec(received)?.[1] ?? '';
  };
  if (login) {
    const auth = scramSha1(user);
    socket.write(HEADER + auth.first);
    socket.write(auth.final(await until(/<challenge [^>]*>([^<]+)</)));
    await until(/<success [^>]*>([^<]+)</);
    socket.write(HEADER);
  }
  for (const piece of pieces) {
    socket.write(piece);
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (end === 'fin') socket.end();
  else socket.resetAndDestroy();
  await over;
  return /<enabled [^>]*? id='([^']+)'/.exec(received)?.[1];
};

/** SCRAM rather than PLAIN: its costly part can be done once for all streams. */
const scramSha1 = (user: string) => {
  const bare = `n=${user},r=fuzz`;
  const encode = (text: string): string => Buffer.from(text).toString('base64');
  const hmac = (key: Buffer, text: string): Buffer => createHmac('sha1', key).update(text).digest();
  const NS = 'urn:ietf:params:xml:ns:xmpp-sasl';
  return {
    first: `<auth xmlns='${NS}' mechanism='SCRAM-SHA-1'>${encode(`n,,${bare}`)}</auth>`,
    final(challenge: string): string {
      const serverFirst = Buffer.from(challenge, 'base64').toString();
      const [, nonce = '', salt = '', iterations = ''] = /^r=([^,]+),s=([^,]+),i=(\d+)$/.exec(serverFirst) ?? [];
      const key = clientKey(user, salt, Number(iterations));
      const withoutProof = `c=biws,r=${nonce}`;
      const signature = hmac(createHash('sha1').update(key).digest(), `${bare},${serverFirst},${withoutProof}`);
      const proof = Buffer.from(key.map((byte, index) => byte ^ (signature[index] ?? 0))).toString('base64');
      return `<response xmlns='${NS}'>${encode(`${withoutProof},p=${proof}`)}</response>`;
    },
  };
};

const clientKeys = new Map<string, Buffer>();

const clientKey = (user: string, salt: string, iterations: number): Buffer => {
  const known = clientKeys.get(user);
  if (known !== undefined) return known;
  const salted = pbkdf2Sync(`${user}-secret`, Buffer.from(salt, 'base64'), iterations, 20, 'sha1');
  const key = createHmac('sha1', salted).update('Client Key').digest();
  clientKeys.set(user, key);
  return key;
};

const heapUsed = (): number => {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
};
