/** Servers that are none, or none of use: one line that says so, no stack trace and no hanging. */
import { createServer, type Server, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { CannotRun, check, checks, type Result } from '../../src/check.js';
import { createHost } from '../../src/host/host.js';
import { identity } from '../support/tls-identity.js';
import { reach, run } from './verdicts.js';

const STREAM =
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='1' from='localhost' version='1.0'>";
const LOGIN =
  "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>";
const SUCCESS = "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>";
const BIND = "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>";
const SM = "<sm xmlns='urn:xmpp:sm:3'/>";

/** A server that answers each thing it reads with the first of these that fits. */
const serve = async (answers: readonly (readonly [RegExp, string | ((socket: Socket) => void)])[]): Promise<number> => {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.setEncoding('utf8').on('data', (text) => {
      for (const [pattern, answer] of answers) {
        if (!pattern.test(String(text))) continue;
        if (typeof answer === 'string') socket.write(answer);
        else answer(socket);
        return;
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

const against = (port: number, options: object = {}): Promise<readonly Result[]> =>
  run({
    target: { port, transport: 'tcp', domain: 'localhost' },
    users: ['romeo', 'juliet'],
    password: 'secret',
    options: { patience: 300, ...options },
  });

/** Log in, bind and enable, as often as it takes; `after` comes first. */
const willing = (after: readonly (readonly [RegExp, string | ((socket: Socket) => void)])[]) => {
  const iq = (socket: Socket): void => {
    socket.write(
      `<iq type='result' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>romeo@localhost/x</jid></bind></iq>`,
    );
  };
  let streams = 0;
  return serve([
    ...after,
    [/<auth /, SUCCESS],
    [
      /<stream:stream/,
      (socket) => {
        streams += 1;
        socket.write(STREAM + (streams % 2 === 1 ? LOGIN : `<stream:features>${BIND}${SM}</stream:features>`));
      },
    ],
    [/id='bind'/, iq],
    [/<enable/, "<enabled xmlns='urn:xmpp:sm:3' id='x' resume='true' max='5'/>"],
  ]);
};

describe('a check that cannot run says in one line why:', () => {
  it.each<[string, readonly (readonly [RegExp, string | ((socket: Socket) => void)])[], RegExp]>([
    ['nothing is said', [], /^127\.0\.0\.1:\d+ does not answer as an XMPP server does: no answer$/],
    [
      'it is a web server',
      [[/./, 'HTTP/1.1 400 Bad Request\r\n\r\n']],
      /^127\.0\.0\.1:\d+ does not answer .* not well-formed/,
    ],
    [
      'it hangs up',
      [[/./, (socket) => socket.end()]],
      /^127\.0\.0\.1:\d+ does not answer .*: the connection was closed$/,
    ],
    [
      'it does not serve the domain',
      [
        [
          /<stream/,
          `${STREAM}<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>`,
        ],
      ],
      /^127\.0\.0\.1:\d+ does not answer .*: a stream error host-unknown$/,
    ],
    ['no login can be used', [[/<stream/, `${STREAM}<stream:features/>`]], /^cannot log in as romeo@localhost: none$/],
    [
      'the password is wrong',
      [
        [/<auth/, "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>"],
        [/<stream/, STREAM + LOGIN],
      ],
      /^cannot log in as romeo@localhost: not-authorized$/,
    ],
    [
      'it has no stream management',
      (() => {
        let streams = 0;
        return [
          [/<auth/, SUCCESS],
          [
            /<stream/,
            (socket: Socket) => {
              streams += 1;
              socket.write(STREAM + (streams === 1 ? LOGIN : `<stream:features>${BIND}</stream:features>`));
            },
          ],
        ] as const;
      })(),
      /^127\.0\.0\.1:\d+ offers no stream management: there is no <sm xmlns='urn:xmpp:sm:3'\/> in its stream features$/,
    ],
  ])('%s', async (_what, answers, message) => {
    const fault = await against(await serve(answers)).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(CannotRun);
    expect((fault as Error).message).toMatch(message);
  });

  it('no server listens there', async () => {
    await expect(against(1)).rejects.toThrow(/^cannot connect to 127\.0\.0\.1:1: connection refused$/);
  });

  it('the second account is wrong', async () => {
    const host = await createHost({ accounts: [{ user: 'romeo', password: 'secret' }] });
    onTestFinished(() => host.close());
    const { port } = await host.listen({ host: '127.0.0.1', port: 0 });
    await expect(against(port, { patience: 5000 })).rejects.toThrow(
      /^cannot log in as juliet@localhost: not-authorized$/,
    );
  });
});

describe('a port that expects TLS from the first byte is recognised, and the line says how to reach it:', () => {
  it.each([
    ['over plain TCP', { direct: true }, 'tcp', 'reach it with --transport tls'],
    ['where STARTTLS is expected', { direct: true }, 'starttls', 'reach it with --transport tls'],
    ['over a WebSocket without TLS', { direct: true, websocket: true }, 'ws', 'give --server a URL with wss:'],
  ] as const)('%s', async (_how, listen, transport, remedy) => {
    const host = await createHost({ accounts: [], tls: identity });
    onTestFinished(() => host.close());
    const { port } = await host.listen({ host: '127.0.0.1', port: 0, ...listen });
    const fault = await against(port, { patience: 10_000, ...reach({ port, transport }) }).catch((error) => error);
    expect(fault).toBeInstanceOf(CannotRun);
    expect(fault.message).toMatch(/^(wss?:[/][/])?127\.0\.0\.1:\d+\S* expects TLS from the first byte: /);
    expect(fault.message).toContain(remedy);
  });
});

describe('a server that fails in the middle of a run fails the checks, and no check hangs:', () => {
  it.each<[string, string | ((socket: Socket) => void)]>([
    ['it answers nothing more', () => {}],
    ['it closes the stream', '</stream:stream>'],
    ['it drops the connection', (socket) => socket.destroy()],
    ['it sends garbage', '<<<>>> \u0000 &&&'],
    ['it sends half an element and ends', (socket) => socket.end('<a xmlns="urn:xm')],
    ['it repeats itself without end', `${"<r xmlns='urn:xmpp:sm:3'/>".repeat(500)}`],
  ])('%s', async (_what, answer) => {
    const port = await willing([[/<r |<resume|ping|<message/, answer]]);
    const results = await against(port, { checks: checks.filter(({ id }) => /^(r-|resume-again|count-m)/.test(id)) });
    expect(results.length).toBeGreaterThan(5);
    expect(results.filter(({ verdict }) => verdict === 'pass').map(({ check }) => check.id)).toEqual([]);
    for (const { found } of results) expect(found).not.toContain(' at ');
  });
});

describe('the transcript of a check', () => {
  it('contains no passwords and no SM-IDs', async () => {
    const host = await createHost({
      accounts: [
        { user: 'romeo', password: 'secret' },
        { user: 'juliet', password: 'secret' },
      ],
    });
    onTestFinished(() => host.close());
    const { port } = await host.listen({ host: '127.0.0.1', port: 0 });
    let smId = '';
    const spy = check('spy', 'It fails', { clauses: ['R-2'] }, async (server) => {
      const romeo = await server.enabled();
      smId = romeo.session.smId ?? '';
      romeo.cut();
      await server.resumed(romeo.session);
      throw new Error('seen enough');
    });
    const [result] = await against(port, { checks: [spy], patience: 5000 });
    const text = result?.transcript.join('\n') ?? '';
    expect(smId).not.toBe('');
    expect(text).toContain('<resume ');
    expect(text).not.toContain(smId);
    expect(text).not.toContain(Buffer.from('\0romeo\0secret').toString('base64'));
    expect(result).toMatchObject({ verdict: 'fail', expected: 'the check to work' });
  });
});
