/** The stages of a client's connection: opened, secured, authenticated, bound, closed. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Accounts } from '../../src/host/accounts.js';
import { ClientConnection } from '../../src/host/c2s/connection.js';
import { createClientSessions } from '../../src/host/c2s/sessions.js';
import { Connections } from '../../src/host/connections.js';
import { Hub } from '../../src/host/hub.js';
import { Pressure } from '../../src/host/pressure.js';
import { policy } from '../../src/index.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { createVirtualClock, type VirtualClock } from '../../src/testing/virtual-clock.js';
import { tcpFraming } from '../../src/xml.js';
import { HEADER, type RawClient, streamError } from '../support/raw-client.js';
import { startHost, type TestHost } from '../support/test-host.js';
import { identity as tls } from '../support/tls-identity.js';

const SASL_2 = 'urn:xmpp:sasl:2';
const PLAIN = Buffer.from('\0romeo\0romeo-secret').toString('base64');

const STAGES: Readonly<Record<string, (host: TestHost) => Promise<RawClient>>> = {
  async opened(host) {
    const client = await host.connect();
    await client.open();
    return client;
  },
  async secured(host) {
    const client = await host.connect();
    await client.startTls();
    await client.open();
    return client;
  },
  authenticated: (host) => host.login('romeo'),
  bound: (host) => host.bound('romeo', 'a'),
  'bound by a resumption': async (host) => {
    const former = await host.enabled('romeo', 'a');
    former.reset();
    await host.reported('hibernationStart', 'romeo@localhost/a');
    return host.resumed('romeo', former.smId, 0);
  },
};

const REQUESTS = {
  STARTTLS: "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
  '<auth/>': `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${PLAIN}</auth>`,
  'a stanza': "<message to='nurse@localhost/a' type='headline'/>",
  'client state': "<inactive xmlns='urn:xmpp:csi:0'/>",
  'an unknown element': "<unknown xmlns='urn:example'/>",
};

describe('a request that is not legal in its stage ends the stream', () => {
  it.each<[stage: string, request: keyof typeof REQUESTS, condition: string]>([
    ['opened', 'a stanza', 'not-authorized'],
    ['opened', 'client state', 'not-authorized'],
    ['opened', 'an unknown element', 'not-authorized'],
    ['secured', 'STARTTLS', 'policy-violation'],
    ['secured', 'a stanza', 'not-authorized'],
    ['secured', 'client state', 'not-authorized'],
    ['secured', 'an unknown element', 'not-authorized'],
    ['authenticated', 'STARTTLS', 'policy-violation'],
    ['authenticated', '<auth/>', 'not-authorized'],
    ['authenticated', 'client state', 'not-authorized'],
    ['authenticated', 'an unknown element', 'not-authorized'],
    ['bound', 'STARTTLS', 'policy-violation'],
    ['bound', '<auth/>', 'unsupported-stanza-type'],
    ['bound', 'an unknown element', 'unsupported-stanza-type'],
    ['bound by a resumption', '<auth/>', 'unsupported-stanza-type'],
    ['bound by a resumption', 'an unknown element', 'unsupported-stanza-type'],
  ])('%s: %s gets %s', async (stage, request, condition) => {
    const host = await startHost({ tls });
    const client = await STAGES[stage]?.(host);
    client?.write(REQUESTS[request]);
    await client?.gone();
    expect(client?.received).toMatch(new RegExp(`${streamError(condition)}$`));
  });
});

describe('a request that is legal in its stage is carried out', () => {
  it.each<[stage: string, request: keyof typeof REQUESTS, answer: RegExp]>([
    ['opened', 'STARTTLS', /<proceed /],
    ['opened', '<auth/>', /<success /],
    ['secured', '<auth/>', /<success /],
    ['authenticated', 'a stanza', /<message [^>]*type="error".*<not-authorized /],
    ['bound', 'a stanza', /<message [^>]*type="error".*<service-unavailable /],
    ['bound by a resumption', 'a stanza', /<message [^>]*type="error".*<service-unavailable /],
  ])('%s: %s', async (stage, request, answer) => {
    const host = await startHost({ tls });
    const client = await STAGES[stage]?.(host);
    await client?.write(REQUESTS[request]).until(answer);
    expect(client?.ended).toBeUndefined();
  });
});

/** A host without ports, whose password check answers when the test wants it to. */
const createParts = () => {
  const clock = createVirtualClock();
  const reports: string[] = [];
  let answer = (_isRight: boolean): void => {};
  const accounts: Accounts = {
    has: () => true,
    credentials: () => expect.fail('SCRAM is not used here'),
    proves: () => new Promise((resolve) => (answer = resolve)),
  };
  const pressure = new Pressure();
  const hub = new Hub({ domain: 'localhost', accounts, onExpiry: 'drop', maxResources: 10, clock, pressure });
  const options = {
    domain: 'localhost',
    accounts,
    policy: policy(),
    store: createMemoryStore(),
    clock,
    negotiationTime: 30,
    connections: new Connections(10),
    pressure,
    hub,
    acceptSm2: false,
    canResume: true,
    trace: undefined,
    report: (session: string, { type }: { readonly type: string }) => void reports.push(`${session} ${type}`),
  };
  const sessions = createClientSessions(options);
  return {
    reports,
    clock,
    connect() {
      const sent: string[] = [];
      const transport = {
        secure: true,
        loopback: true,
        write: (text: string) => void sent.push(text),
        end() {},
        destroy() {},
        pause() {},
        resume() {},
      };
      const connection = new ClientConnection(transport, { ...options, sessions }, { run: 1, framing: tcpFraming });
      connection.data(HEADER);
      return { connection, sent };
    },
    /** The password is checked: what comes of that has come when this resolves. */
    async decide(isRight: boolean) {
      answer(isRight);
      await nextTurn();
    },
  };
};

const LOGIN = `<authenticate xmlns='${SASL_2}' mechanism='PLAIN'><initial-response>${PLAIN}</initial-response>\
<user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'/>\
<bind xmlns='urn:xmpp:bind:0'><enable xmlns='urn:xmpp:sm:3' resume='true'/></bind></authenticate>`;

/** Logged in, bound and enabled by one request; then its connection is lost. */
const hibernate = async ({ connect, decide }: ReturnType<typeof createParts>) => {
  const { connection, sent } = connect();
  connection.data(LOGIN);
  await decide(true);
  expect(sent.join('')).toMatch(/<bound [^>]*><enabled /);
  connection.closed();
  return connection;
};

describe('a closed connection', () => {
  let collect = (): void => {};

  beforeAll(() => {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc');
  });

  it.each([true, false])(
    'whose password check still runs has no effect any more (design law 6); password right: %s',
    async (isRight) => {
      const parts = createParts();
      await hibernate(parts);
      const before = parts.reports.length;
      const { connection, sent } = parts.connect();
      connection.data(LOGIN);
      await nextTurn();
      connection.closed();
      const silence = sent.length;
      await parts.decide(isRight);
      // The same client would have taken the place of the session that waits.
      expect(parts.reports.slice(before)).toEqual(['unauthenticated ended']);
      expect(sent).toHaveLength(silence);
    },
  );

  it.each<[string, (connection: ClientConnection, clock: VirtualClock) => void]>([
    ['its client closed the stream', (connection) => connection.data('</stream:stream>')],
    ['its client broke the stream', (connection) => connection.data('<a></b>')],
    ['its time to log in is over', (_connection, clock) => clock.advance(30_000)],
  ])('counts from the end of the stream, before the transport is gone: %s', async (_why, end) => {
    const parts = createParts();
    await hibernate(parts);
    const { connection, sent } = parts.connect();
    connection.data(LOGIN);
    await nextTurn();
    end(connection, parts.clock);
    const before = parts.reports.length;
    const silence = sent.length;
    await parts.decide(true);
    connection.closed();
    expect(parts.reports.slice(before)).toEqual([]);
    expect(sent).toHaveLength(silence);
  });

  it('is not kept in memory by its session while the session hibernates (M-1)', async () => {
    const parts = createParts();
    const connection = new WeakRef(await hibernate(parts));
    expect(parts.reports.at(-1)).toMatch(/^romeo@localhost[/].* hibernationStart$/);
    // A frame of the engine may hold the last value for some turns.
    for (let turn = 0; turn < 20 && connection.deref() !== undefined; turn++) {
      await nextTurn();
      collect();
    }
    expect(connection.deref()).toBeUndefined();
  });
});
