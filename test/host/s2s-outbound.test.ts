import { afterEach, describe, expect, it } from 'vitest';
import { createVirtualClock, type VirtualClock } from '../../src/testing.js';
import { message, type RawClient, SM, streamError } from '../support/raw-client.js';
import { type RawServer, serverHeader, startRawServer } from '../support/raw-server.js';
import { startHost, type TestHost } from '../support/test-host.js';

const OURS = 'localhost';
const THEIRS = 'montague.example';
const ROMEO = `romeo@${THEIRS}/a`;
const SESSION = `${OURS}->${THEIRS}`;
const VALID = `<db:result from='${THEIRS}' to='${OURS}' type='valid'/>`;
const SM_FEATURES = `<stream:features><sm xmlns='${SM}'/></stream:features>`;

interface Stage {
  /** No time passes but what the test lets pass. */
  readonly clock: VirtualClock;
  readonly host: TestHost;
  readonly peer: RawServer;
  readonly juliet: RawClient;
  /** Resolves when the session to the other server has been told of so many verifications. */
  verifications(times: number): Promise<void>;
}

let letGo = (): void => {};

// A host that closes waits for what is not acknowledged, as long as the other server is there.
afterEach(() => letGo());

/** The host has a message for a server that the test plays. */
const startStage = async (): Promise<Stage> => {
  const clock = createVirtualClock(Date.now());
  const peer = await startRawServer();
  letGo = peer.letGo;
  let verified = 0;
  const host = await startHost({
    clock,
    s2s: { peers: { [THEIRS]: { host: '127.0.0.1', port: peer.port } } },
    trace({ session, event }) {
      if (session === SESSION && event.type === 'app.verified') verified += 1;
    },
  });
  const juliet = await host.enabled('juliet', 'a');
  juliet.write(message(ROMEO, 'm1'));
  return {
    clock,
    host,
    peer,
    juliet,
    verifications: (times) => expect.poll(() => verified, { interval: 2 }).toBe(times),
  };
};

const isReturned = async (juliet: RawClient, condition: string): Promise<void> => {
  const [error] = await juliet.until(/<message [^>]*type="error".*?<\/message>/);
  expect(error).toContain('id="m1"');
  expect(error).toContain(`<${condition} `);
};

describe('a stream to another server', () => {
  it('begins with a key, then <enable/>, then the stanzas that waited, in the namespace of servers (M-9, E-1, A-1)', async () => {
    const { peer, host } = await startStage();
    const raw = await peer.nextWithKey(THEIRS);
    expect(raw.received).toContain("xmlns='jabber:server'");
    expect(raw.unread).toBe('');
    raw.write(VALID + SM_FEATURES);
    await raw.expect(`<enable xmlns='${SM}' resume='true' max='300'/>`);
    const [stanza] = await raw.until(/^<message .*?<\/message>/);
    expect(stanza).toContain('xmlns="jabber:server"');
    expect(stanza).toContain(`from="juliet@${OURS}/a"`);
    raw.write(`<enabled xmlns='${SM}' id='x' resume='true'/>`);
    await host.reported('enabled', SESSION);
  });

  /** m1 is sent and not acknowledged when the first connection breaks. */
  const broken = async (): Promise<Stage> => {
    const stage = await startStage();
    const first = await stage.peer.nextWithKey(THEIRS);
    first.write(VALID + SM_FEATURES);
    await first.until(/<message .*?<\/message>/);
    first.write(`<enabled xmlns='${SM}' id='x' resume='true'/>`);
    await stage.host.reported('enabled', SESSION);
    first.reset();
    await stage.host.reported('hibernationStart', SESSION);
    return stage;
  };

  it('resumes in place of enabling, and replays the stanzas that the other server has not received (R-3, R-5, R-6)', async () => {
    const { clock, peer, juliet } = await broken();
    juliet.write(message(ROMEO, 'm2'));
    // Behind this the host has read the message.
    await juliet.ask();
    const second = await whileTimePasses(clock, peer.nextWithKey(THEIRS));
    second.write(VALID + SM_FEATURES);
    await second.expect(`<resume xmlns='${SM}' h='0' previd='x'/>`);
    second.write(`<resumed xmlns='${SM}' previd='x' h='0'/>`);
    await second.until(/^<message [^>]*id="m1".*<message [^>]*id="m2".*<r /);
  });

  it('is closed when the other server is silent for 30 s before it verifies us, and the session resumes on the next stream (M-9, R-17)', async () => {
    const { clock, peer, host, juliet } = await broken();
    clock.advance(100);
    const silent = await peer.nextWithKey(THEIRS);
    clock.advance(29_000);
    await juliet.ask();
    expect(silent.ended).toBeUndefined();
    clock.advance(1_000);
    await silent.gone();
    const next = await whileTimePasses(clock, peer.nextWithKey(THEIRS));
    next.write(VALID + SM_FEATURES);
    await next.expect(`<resume xmlns='${SM}' h='0' previd='x'/>`);
    next.write(`<resumed xmlns='${SM}' previd='x' h='0'/>`);
    await next.until(/^<message [^>]*id="m1".*<r /);
    next.write(`<a xmlns='${SM}' h='1'/>`);
    await host.reported('acknowledged', SESSION);
  });

  it('waits longer for late features when there is a session to resume, and resumes it (M-9, R-5, R-17)', async () => {
    const stage = await broken();
    stage.juliet.write(message(ROMEO, 'm2'));
    const late = await verified(stage, 2);
    stage.clock.advance(20_000);
    late.write(SM_FEATURES);
    await resumed(late, stage.host);
  });

  it('tries again when no features come and there is a session to resume, and loses nothing (M-9, R-5, R-17)', async () => {
    const stage = await broken();
    stage.juliet.write(message(ROMEO, 'm2'));
    const silent = await verified(stage, 2);
    stage.clock.advance(30_000);
    await silent.gone();
    expect(silent.unread).toBe('');
    const next = await whileTimePasses(stage.clock, stage.peer.nextWithKey(THEIRS));
    next.write(VALID + SM_FEATURES);
    await resumed(next, stage.host);
  });

  it('ends the session when no features come twice, sends the unwritten stanzas and returns the others (M-9, A-12)', async () => {
    const stage = await broken();
    stage.juliet.write(message(ROMEO, 'm2'));
    const silent = await verified(stage, 2);
    stage.clock.advance(30_000);
    await silent.gone();
    const next = await verified(stage, 3);
    stage.clock.advance(1_000);
    await next.until(/^<message [^>]*id="m2"/);
    expect(stage.host.of('returned', SESSION)).toMatchObject([
      { reason: 'resumptionFailed', stanzas: [{ written: true }, { written: false }] },
      { reason: 'unmanaged' },
    ]);
  });

  it('goes on without stream management where the other server does not offer it (E-11)', async () => {
    const { peer, juliet, host } = await startStage();
    const raw = await peer.nextWithKey(THEIRS);
    raw.write(`${VALID}<stream:features/>`);
    await raw.until(/^<message [^>]*id="m1"/);
    juliet.write(message(ROMEO, 'm2'));
    await raw.until(/<message [^>]*id="m2"/);
    expect(host.of('enabled', SESSION)).toEqual([]);
  });

  it('waits one second for late features when it has no session to resume, and then goes on without stream management (E-11)', async () => {
    const { clock, peer, juliet, verifications } = await startStage();
    const raw = await peer.nextWithKey(THEIRS);
    raw.write(VALID);
    await verifications(1);
    clock.advance(999);
    await juliet.ask();
    expect(raw.unread).toBe('');
    clock.advance(1);
    await raw.until(/^<message [^>]*id="m1"/);
  });

  it('ends when the other server says that the key is wrong, and its stanzas are returned', async () => {
    const { peer, juliet, host } = await startStage();
    const raw = await peer.nextWithKey(THEIRS);
    raw.write(`<db:result from='${THEIRS}' to='${OURS}' type='invalid'/>`);
    await raw.last('</stream:stream>');
    await isReturned(juliet, 'internal-server-error');
    expect(host.of('ended', SESSION)).toHaveLength(1);
  });

  it('ends when dialback fails, and its stanzas are returned', async () => {
    const { peer, juliet } = await startStage();
    const raw = await peer.nextWithKey(THEIRS);
    raw.write(
      `<db:result from='${THEIRS}' to='${OURS}' type='error'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></db:result>`,
    );
    await isReturned(juliet, 'remote-server-timeout');
  });

  it('ends when the other server does not know its domain, and its stanzas are returned', async () => {
    const { peer, juliet } = await startStage();
    const raw = await peer.next();
    raw.write(serverHeader('', OURS, "id='s1' version='1.0'").replace(" from=''", '') + streamError('host-unknown'));
    await isReturned(juliet, 'remote-server-not-found');
  });

  it('ignores a result for other domains, and then sends no stanza', async () => {
    const { peer } = await startStage();
    const raw = await peer.nextWithKey(THEIRS);
    raw.write(VALID.replace(THEIRS, 'verona.example') + VALID.replace(OURS, 'verona.example') + SM_FEATURES);
    raw.write(VALID + SM_FEATURES);
    await raw.expect('<enable ');
    expect(raw.received.match(/<enable /g)).toHaveLength(1);
  });

  it('accepts no stanza from the other server', async () => {
    const { peer, host, juliet } = await startStage();
    const raw = await peer.nextWithKey(THEIRS);
    raw.write(VALID + SM_FEATURES);
    await raw.until(/<message .*?<\/message>/);
    raw.write(`<enabled xmlns='${SM}'/><message from='romeo@${THEIRS}' to='juliet@${OURS}/a' id='back'/>`);
    await raw.last(streamError('not-authorized', 'stanzas come on a stream of your own'));
    await isReturned(juliet, 'remote-server-timeout');
    expect(juliet.received).not.toContain('back');
    expect(host.of('ended', SESSION)).toHaveLength(1);
  });

  it.each([
    ['another domain', serverHeader('verona.example', OURS, "id='s1' version='1.0'"), 'invalid-from'],
    ['no id', serverHeader(THEIRS, OURS), 'undefined-condition'],
    ['an old version', serverHeader(THEIRS, OURS, "id='s1'"), 'unsupported-version'],
    [
      'the namespace of clients',
      serverHeader(THEIRS, OURS, "id='s1' version='1.0'").replace('jabber:server', 'jabber:client'),
      'invalid-namespace',
    ],
  ])('ends with a stream error when the header of the other server has %s', async (_what, header, condition) => {
    const { peer, juliet } = await startStage();
    const raw = await peer.next();
    await raw.write(header).gone();
    expect(raw.received).toContain(`<stream:error><${condition} `);
    await isReturned(juliet, 'remote-server-timeout');
  });

  it('is closed by a host that closes, also while it is being opened (A-12)', async () => {
    const { peer, host, juliet } = await startStage();
    const raw = await peer.next();
    const closed = host.host.close();
    await juliet.gone();
    juliet.fin();
    await raw.gone();
    raw.fin();
    await closed;
    expect(juliet.received).toContain('<remote-server-timeout ');
  });

  it('ends with its host only after its stanzas are acknowledged, and then no stanza comes back (A-10, A-12)', async () => {
    const { peer, host } = await startStage();
    const raw = await peer.nextWithKey(THEIRS);
    raw.write(VALID + SM_FEATURES);
    await raw.until(/<message .*?<\/message>/);
    const closed = host.host.close();
    // Asked for once there is a session to ask for.
    raw.write(`<enabled xmlns='${SM}' id='x' resume='true'/>`);
    await raw.expect(`<r xmlns='${SM}'/>`);
    raw.write(`<a xmlns='${SM}' h='1'/>`);
    await raw.last(`<a xmlns='${SM}' h='0'/></stream:stream>`);
    raw.fin();
    await host.reported('ended', SESSION);
    expect(host.of('returned', SESSION)).toEqual([]);
    await expectClosed(host, closed);
  });

  it('also ends with its host when no acknowledgement comes', async () => {
    const { peer, host } = await startStage();
    const raw = await peer.nextWithKey(THEIRS);
    raw.write(VALID + SM_FEATURES);
    await raw.until(/<message .*?<\/message>/);
    const closed = host.host.close();
    raw.reset();
    expect(await host.reported('returned', SESSION)).toMatchObject({ reason: 'lost', stanzas: [{ written: true }] });
    await expectClosed(host, closed);
  });
});

/** The host is closed as soon as its client lets go. */
const expectClosed = async (host: TestHost, closed: Promise<void>): Promise<void> => {
  host.letGo();
  await closed;
};

/** The next connection, on which the other server verifies ours, for this time, and says nothing more yet. */
const verified = async ({ clock, peer, juliet, verifications }: Stage, times: number): Promise<RawClient> => {
  const raw = await whileTimePasses(clock, peer.nextWithKey(THEIRS));
  raw.write(VALID);
  // Her question tells that the host has read what she sent, and nothing of what the other server did.
  await Promise.all([juliet.ask(), verifications(times)]);
  return raw;
};

/** The session comes back here with both messages, and nothing of it is returned. */
const resumed = async (raw: RawClient, host: TestHost): Promise<void> => {
  await raw.expect(`<resume xmlns='${SM}' h='0' previd='x'/>`);
  raw.write(`<resumed xmlns='${SM}' previd='x' h='0'/>`);
  await raw.until(/^<message [^>]*id="m1".*<message [^>]*id="m2".*<r /);
  raw.write(`<a xmlns='${SM}' h='2'/>`);
  await host.reported('acknowledged', SESSION);
  expect(host.of('returned', SESSION)).toEqual([]);
};

/** How long an attempt waits is random. */
const whileTimePasses = async <T>(clock: VirtualClock, awaited: Promise<T>): Promise<T> => {
  const passing = setInterval(() => clock.advance(10), 2);
  try {
    return await awaited;
  } finally {
    clearInterval(passing);
  }
};
