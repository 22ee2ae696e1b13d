import { describe, expect, it } from 'vitest';
import type { HostOptions } from '../../src/host/host.js';
import { createVirtualClock } from '../../src/testing.js';
import { failed, message, type RawClient, resume, SM, streamError } from '../support/raw-client.js';
import {
  type Authority,
  connectServer,
  dialbackKey,
  openServer,
  serverHeader,
  startAuthority,
  verifiedServer,
} from '../support/raw-server.js';
import { startHost, type TestHost } from '../support/test-host.js';

const OURS = 'localhost';
const THEIRS = 'montague.example';
const OTHER = 'verona.example';
const STANZA_ERROR = 'xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"';

interface Stage {
  readonly host: TestHost;
  /** Where the host awaits servers. */
  readonly port: number;
  /** Answers for both other domains. */
  readonly authority: Authority;
}

const startStage = async (options: Partial<HostOptions> = {}): Promise<Stage> => {
  const authority = await startAuthority(THEIRS);
  const other = await startAuthority(OTHER);
  const at = ({ port }: Authority) => ({ host: '127.0.0.1', port });
  const host = await startHost({ ...options, s2s: { peers: { [THEIRS]: at(authority), [OTHER]: at(other) } } });
  const { port } = await host.host.listen({ host: '127.0.0.1', port: 0, s2s: true });
  return { host, port, authority };
};

const stanza = (from: string, to: string, id: string): string =>
  `<message from='${from}' to='${to}' id='${id}' type='chat'><body>${id}</body></message>`;

/** All that comes until the connection ends. */
const heard = async (raw: RawClient): Promise<string> => {
  await raw.gone();
  return raw.received;
};

const enable = async (raw: RawClient, attributes = "resume='true'"): Promise<string> => raw.enable(attributes);

describe('a server that our host has verified', () => {
  it("gets <db:result type='valid'/>, and only then the offer of stream management, on the same stream (M-9, F-1)", async () => {
    const { port, authority } = await startStage();
    const raw = await openServer(port, THEIRS, OURS);
    expect(raw.received).toContain("<dialback xmlns='urn:xmpp:features:dialback'><errors/></dialback>");
    expect(raw.received).not.toContain(SM);
    raw.write(dialbackKey(THEIRS, OURS, 'the key'));
    await raw.expect(
      `<db:result from='${OURS}' to='${THEIRS}' type='valid'/><stream:features><sm xmlns='${SM}'/></stream:features>`,
    );
    expect(authority.asked).toEqual(['the key']);
  });

  it('may enable at once without a bind, and its stanzas are delivered (M-9, E-4, A-2)', async () => {
    const { host, port } = await startStage();
    const juliet = await host.bound('juliet', 'a');
    const raw = await verifiedServer(port, THEIRS, OURS);
    expect(await enable(raw)).not.toBe('');
    raw.write(stanza(`romeo@${THEIRS}/a`, `juliet@${OURS}/a`, 'm1'));
    await juliet.until(/<message [^>]*id="m1"/);
    expect(await raw.ask()).toBe(1);
  });

  it('may resume its session on another stream (M-9, R-4, R-12)', async () => {
    const { host, port } = await startStage();
    const juliet = await host.bound('juliet', 'a');
    const old = await verifiedServer(port, THEIRS, OURS);
    const smId = await enable(old);
    old.write(stanza(`romeo@${THEIRS}/a`, `juliet@${OURS}/a`, 'm1'));
    await juliet.until(/<message [^>]*id="m1"/);
    old.reset();
    await host.reported('hibernationStart', `${THEIRS}->${OURS}`);
    const raw = await verifiedServer(port, THEIRS, OURS);
    expect(await raw.resume(smId, 0)).toBe(1);
  });

  it("gets item-not-found for another domain's session, as for an unknown session, and may enable afterwards (R-7, R-10, R-12)", async () => {
    const { host, port } = await startStage();
    const smId = await enable(await verifiedServer(port, OTHER, OURS));
    const raw = await verifiedServer(port, THEIRS, OURS);
    for (const previd of [smId, 'never-was']) await raw.write(resume(previd, 0)).expect(failed('item-not-found'));
    expect(await enable(raw)).not.toBe('');
    expect(host.of('resumed', `${OTHER}->${OURS}`)).toEqual([]);
  });

  it('may not resume when it has a session (R-14)', async () => {
    const { port } = await startStage();
    const raw = await verifiedServer(port, THEIRS, OURS);
    const smId = await enable(raw);
    await raw.write(resume(smId, 0)).expect(failed('unexpected-request'));
  });

  it('may be verified once more, and gets no new features', async () => {
    const { port } = await startStage();
    const raw = await verifiedServer(port, THEIRS, OURS);
    raw.write(dialbackKey(THEIRS, OURS));
    await raw.expect(`<db:result from='${OURS}' to='${THEIRS}' type='valid'/>`);
    expect(await enable(raw)).not.toBe('');
  });

  it.each([
    ['no sender', `<message to='juliet@${OURS}'/>`, 'improper-addressing'],
    ['no recipient', `<message from='romeo@${THEIRS}'/>`, 'improper-addressing'],
    ['a sender that is no address', `<message from='@' to='juliet@${OURS}'/>`, 'improper-addressing'],
    ['a recipient that is not ours', `<message from='romeo@${THEIRS}' to='juliet@${OTHER}'/>`, 'improper-addressing'],
    ['a sender of another domain', `<message from='romeo@${OTHER}' to='juliet@${OURS}'/>`, 'invalid-from'],
    ['a sender of ours', `<message from='romeo@${OURS}' to='juliet@${OURS}'/>`, 'invalid-from'],
  ])('ends its stream with a stanza that has %s, which is not delivered', async (_what, xml, condition) => {
    const { host, port } = await startStage();
    const juliet = await host.enabled('juliet', 'a');
    const raw = await verifiedServer(port, THEIRS, OURS);
    await enable(raw);
    await raw.write(xml).last(streamError(condition));
    await juliet.ask();
    expect(juliet.received).not.toContain('<message');
  });

  it('may send stanzas as large as those of clients: 200 KiB, and not a megabyte (S-2, S-3)', async () => {
    const { host, port } = await startStage();
    const juliet = await host.bound('juliet', 'a');
    const raw = await verifiedServer(port, THEIRS, OURS);
    raw.write(stanza(`romeo@${THEIRS}/a`, `juliet@${OURS}/a`, 'm1').replace('m1<', `${'x'.repeat(200 * 1024)}<`));
    await juliet.until(/<message [^>]*id="m1"/);
    raw.write(`<message from='romeo@${THEIRS}/a' to='juliet@${OURS}/a'><body>${'x'.repeat(1024 * 1024)}`);
    await raw.last(streamError('policy-violation', 'element too long'));
  });

  it('may have at most ten streams (S-2)', async () => {
    const { port } = await startStage();
    for (let i = 0; i < 10; i++) await verifiedServer(port, THEIRS, OURS);
    const raw = await openServer(port, THEIRS, OURS);
    raw.write(dialbackKey(THEIRS, OURS));
    await raw.until(/<db:result [^>]*type='error'><error type="wait"><resource-constraint /);
  });
});

describe('a server that our host has not verified', () => {
  it('ends its stream with a stanza', async () => {
    const { port } = await startStage();
    const raw = await openServer(port, THEIRS, OURS);
    await raw.write(stanza(`romeo@${THEIRS}`, `juliet@${OURS}`, 'm1')).last(streamError('not-authorized'));
  });

  it('may neither enable nor resume, and its stream lives (E-3, R-12)', async () => {
    const { port } = await startStage();
    const raw = await openServer(port, THEIRS, OURS);
    await raw.write(`<enable xmlns='${SM}'/>`).expect(failed('unexpected-request'));
    await raw.write(resume('any', 0)).expect(failed('unexpected-request'));
    raw.write(dialbackKey(THEIRS, OURS));
    await raw.until(/type='valid'/);
  });

  it("gets <db:result type='invalid'/> for a wrong key, and its stream ends", async () => {
    const { port, authority } = await startStage();
    authority.verdict = 'invalid';
    const raw = await openServer(port, THEIRS, OURS);
    await raw
      .write(dialbackKey(THEIRS, OURS))
      .last(
        `<db:result from='${OURS}' to='${THEIRS}' type='invalid'/>${streamError('not-authorized', 'the key is not that of the domain')}`,
      );
  });

  it.each([
    ['an unknown domain', 'nowhere.example', OURS, 'valid', 'remote-server-not-found'],
    ['a domain that its server does not know', THEIRS, OURS, 'error', 'remote-server-not-found'],
    ['a domain whose server goes away', THEIRS, OURS, 'close', 'remote-server-timeout'],
    ['a domain that is ours', OURS, OURS, 'valid', 'not-allowed'],
    ['a recipient that is not ours', THEIRS, OTHER, 'valid', 'item-not-found'],
  ] as const)('gets an error for %s, and its stream lives', async (_what, from, to, verdict, condition) => {
    const { port, authority } = await startStage();
    authority.verdict = verdict;
    const raw = await openServer(port, THEIRS, OURS);
    raw.write(dialbackKey(from, to));
    const [answer] = await raw.until(/<db:result .*?<\/db:result>/);
    expect(answer).toContain(`<db:result from='${to}' to='${from}' type='error'>`);
    expect(answer).toContain(`<${condition} ${STANZA_ERROR}/>`);
    authority.verdict = 'valid';
    raw.write(dialbackKey(THEIRS, OURS));
    await raw.until(/type='valid'/);
  });

  it('has three attempts (S-2)', async () => {
    const { port } = await startStage();
    const raw = await openServer(port, THEIRS, OURS);
    raw.write(dialbackKey('nowhere.example', OURS).repeat(3));
    await raw.gone();
    expect(raw.unread.match(/type='error'/g)).toHaveLength(3);
    expect(raw.unread).toContain('policy-violation');
  });

  it('has one key verified at a time (S-2)', async () => {
    const { port, authority } = await startStage();
    authority.verdict = 'nothing';
    const raw = await openServer(port, THEIRS, OURS);
    raw.write(dialbackKey(THEIRS, OURS).repeat(2));
    await raw.until(/<resource-constraint /);
    expect(authority.asked.length).toBeLessThanOrEqual(1);
  });

  it('may not send an element of more than 16 KiB (S-2, S-3)', async () => {
    const { port } = await startStage();
    const raw = await openServer(port, THEIRS, OURS);
    await raw.write(dialbackKey(THEIRS, OURS, 'x'.repeat(17 * 1024))).gone();
    expect(raw.unread).toContain('policy-violation');
  });

  it('is closed when it takes too long (S-2)', async () => {
    const clock = createVirtualClock(Date.now());
    const { port } = await startStage({ clock });
    const raw = await openServer(port, THEIRS, OURS);
    clock.advance(30_000);
    await raw.last(streamError('connection-timeout'));
  });

  it('counts as an unauthenticated connection (S-2)', async () => {
    const { port } = await startStage({ maxUnauthenticated: 2 });
    await openServer(port, THEIRS, OURS);
    await verifiedServer(port, THEIRS, OURS);
    await openServer(port, THEIRS, OURS);
    expect(await connectServer(port).then(heard, () => '')).toBe('');
  });

  it.each([
    ['for a domain that is not ours', serverHeader(THEIRS, OTHER), 'host-unknown'],
    ['without a domain', serverHeader(THEIRS, OURS).replace(` to='${OURS}'`, ''), 'host-unknown'],
    ['from what is no domain', serverHeader(`romeo@${THEIRS}`, OURS), 'improper-addressing'],
    ['of clients', serverHeader(THEIRS, OURS).replace('jabber:server', 'jabber:client'), 'invalid-namespace'],
    ['of an old version', serverHeader(THEIRS, OURS, ''), 'unsupported-version'],
  ])('gets a stream error for a stream %s', async (_what, header, condition) => {
    const { port } = await startStage();
    const raw = await connectServer(port);
    await raw.write(header).gone();
    expect(raw.received).toContain(streamError(condition));
  });

  it.each([
    ['lacks addresses', '<db:result>key</db:result>', 'improper-addressing'],
    ['is an answer', `<db:result from='${THEIRS}' to='${OURS}' type='valid'/>`, 'policy-violation'],
    ['is another element', '<starttls xmlns="urn:ietf:params:xml:ns:xmpp-tls"/>', 'not-authorized'],
  ])('gets a stream error for dialback that %s', async (_what, xml, condition) => {
    const { port } = await startStage();
    const raw = await openServer(port, THEIRS, OURS);
    await raw.write(xml).gone();
    expect(raw.unread).toContain(`<${condition} `);
  });
});

describe('one domain for each stream', () => {
  it('is verified, a second domain is refused, and the stream lives (S-2)', async () => {
    const { port } = await startStage();
    const raw = await verifiedServer(port, THEIRS, OURS);
    raw.write(dialbackKey(OTHER, OURS));
    await raw.until(/<resource-constraint .*?<\/db:result>/);
    await raw.write(stanza(`romeo@${OTHER}`, `juliet@${OURS}`, 'm1')).last(streamError('invalid-from'));
  });
});

describe('the authority for a domain', () => {
  it('recognises its own keys, also when no server is verified (M-9)', async () => {
    const { host, port, authority } = await startStage();
    // The host sends a key to the other server, which here is one that never answers, and can be asked about it.
    authority.verdict = 'nothing';
    const romeo = await host.bound('romeo', 'a');
    romeo.write(message(`juliet@${THEIRS}`, 'm1'));
    const raw = await openServer(port, THEIRS, OURS);
    const ask = (id: string, key: string, to = OURS): string =>
      `<db:verify from='${THEIRS}' to='${to}' id='${id}'>${key}</db:verify>`;
    await raw.write(ask('s1', 'forged')).expect(`<db:verify from='${OURS}' to='${THEIRS}' id='s1' type='invalid'/>`);
    raw.write(ask('s1', 'forged', OTHER));
    const [answer] = await raw.until(/<db:verify .*?<\/db:verify>/);
    expect(answer).toContain('<item-not-found ');
  });
});
