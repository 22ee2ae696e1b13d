import { describe, expect, it } from 'vitest';
import { createVirtualClock } from '../../src/testing.js';
import { message, type RawClient, SM, streamError } from '../support/raw-client.js';
import { CAPULET, startTwoServers, TO_CAPULET, TO_MONTAGUE, type TwoServers } from '../support/two-servers.js';

/** Every stanza is asked about at once. */
const ASKING = { maxUnackedStanzas: 0, ackIdle: 1000 };
const JULIET = `juliet@${CAPULET}/a`;

/** romeo and juliet, and a session from him to her on which everything is acknowledged. */
const startStage = async (options: Parameters<typeof startTwoServers>[0] = {}) => {
  const servers = await startTwoServers({ ...options, policy: { ...ASKING, ...options.policy } });
  const romeo = await servers.montague.bound('romeo', 'a');
  const juliet = await servers.capulet.bound('juliet', 'a');
  romeo.write(message(JULIET, 'm0'));
  await servers.montague.reported('enabled', TO_CAPULET);
  romeo.write(message(JULIET, 'm00'));
  await juliet.until(/<message [^>]*id="m00"/);
  await servers.montague.reported('acknowledged', TO_CAPULET, 2);
  return { ...servers, romeo, juliet };
};

/** The way to capulet.example breaks, and nobody gets through any more. */
const losesTheWay = async ({ toCapulet, montague }: TwoServers, times = 1): Promise<void> => {
  toCapulet.refuse();
  for (const link of toCapulet.connections) await toCapulet.cut(link, { how: 'rst' });
  await montague.reported('hibernationStart', TO_CAPULET, times);
};

/** Waits until the host has read what the client sent: it has no session, so an `<r/>` is refused. */
const everythingRead = async (client: RawClient): Promise<void> => {
  await client.write(`<r xmlns='${SM}'/>`).until(/<failed [^>]*>/);
};

/** The errors that came, as id and condition. */
const errors = ({ received }: RawClient): readonly string[] =>
  [...received.matchAll(/<(?:message|iq|presence) ([^>]*type="error"[^>]*)><error [^>]*><([\w-]+) /g)].map(
    ([, attributes = '', condition]) => `${/id="([^"]*)"/.exec(attributes)?.[1]} ${condition}`,
  );

describe('when the other server stays away', () => {
  it('each sender gets exactly one error for each message and request, and no error for other stanzas (M-9, A-12, C-2, M-2)', async () => {
    const clock = createVirtualClock(Date.now());
    const stage = await startStage({ clock });
    const { montague, romeo } = stage;
    const nurse = await montague.bound('nurse', 'a');
    await losesTheWay(stage);
    romeo.write(
      [
        message(JULIET, 'm1'),
        message(JULIET, 'm2', 'normal'),
        `<iq to='${JULIET}' id='i1' type='get'><query xmlns='jabber:iq:version'/></iq>`,
        message(JULIET, 'e1', 'error'),
        `<iq to='${JULIET}' id='i2' type='result'/>`,
        `<presence to='${JULIET}' id='p1'/>`,
      ].join(''),
    );
    nurse.write(message(JULIET, 'n1'));
    await Promise.all([everythingRead(romeo), everythingRead(nurse)]);
    clock.advance(299_000);
    await Promise.all([everythingRead(romeo), everythingRead(nurse)]);
    expect([romeo, nurse].flatMap(errors)).toEqual([]);
    clock.advance(1_000);
    await montague.reported('ended', TO_CAPULET);
    await Promise.all([everythingRead(romeo), everythingRead(nurse)]);
    expect(errors(romeo)).toEqual(['m1', 'm2', 'i1'].map((id) => `${id} remote-server-timeout`));
    expect(errors(nurse)).toEqual(['n1 remote-server-timeout']);
    expect(montague.of('overdue', TO_CAPULET)).toHaveLength(1);
    clock.advance(3_600_000);
    await everythingRead(romeo);
    expect(errors(romeo)).toHaveLength(3);
  });

  it('a stanza that is sent after that begins a new session (M-9)', async () => {
    const clock = createVirtualClock(Date.now());
    const stage = await startStage({ clock });
    await losesTheWay(stage);
    clock.advance(300_000);
    await stage.montague.reported('ended', TO_CAPULET);
    stage.toCapulet.accept();
    stage.romeo.write(message(JULIET, 'm1'));
    await stage.juliet.until(/<message [^>]*id="m1"/);
    await stage.montague.reported('enabled', TO_CAPULET, 2);
  });

  it('stanzas that are sent meanwhile are limited: more of them come back at once (S-2, M-10)', async () => {
    const stage = await startStage({ policy: { maxQueueStanzas: 3 } });
    const { romeo } = stage;
    await losesTheWay(stage);
    for (const id of ['m1', 'm2', 'm3', 'm4', 'm5']) romeo.write(message(JULIET, id));
    await everythingRead(romeo);
    expect(errors(romeo)).toEqual(['m4 resource-constraint', 'm5 resource-constraint']);
  });

  it('a host that closes returns the stanzas that it could not send, before the streams of their senders end (A-12)', async () => {
    const stage = await startStage();
    const { montague, romeo } = stage;
    await losesTheWay(stage);
    romeo.write(message(JULIET, 'm1'));
    await everythingRead(romeo);
    const closed = montague.host.close();
    await romeo.gone();
    romeo.fin();
    await closed;
    expect(errors(romeo)).toEqual(['m1 remote-server-timeout']);
    expect(romeo.received).toContain(streamError('system-shutdown'));
  });
});

describe('a session with another server that cannot be resumed', () => {
  it('ends with its connection, and unacknowledged stanzas come back at once (C-3, A-12)', async () => {
    const stage = await startStage({ policy: { resume: false } });
    const { montague, romeo, toCapulet } = stage;
    const [link] = [...toCapulet.connections].sort((a, b) => b.bytes.up - a.bytes.up);
    if (link === undefined) expect.fail('there is no link');
    await toCapulet.cut(link, { how: 'half-open' });
    romeo.write(message(JULIET, 'm1'));
    await everythingRead(romeo);
    await toCapulet.cut(link, { how: 'rst' });
    await romeo.until(/type="error"/);
    expect(errors(romeo)).toEqual(['m1 remote-server-timeout']);
    expect(montague.of('hibernationStart', TO_CAPULET)).toEqual([]);
    romeo.write(message(JULIET, 'm2'));
    await stage.juliet.until(/<message [^>]*id="m2"/);
  });
});

describe('when the other server was never there', () => {
  it('a message waits for the negotiation time, and comes back once (M-9, A-12)', async () => {
    const clock = createVirtualClock(Date.now());
    const { montague, toCapulet } = await startTwoServers({ clock });
    toCapulet.refuse();
    const romeo = await montague.bound('romeo', 'a');
    romeo.write(message(JULIET, 'm1') + message(JULIET, 'm2', 'headline'));
    await everythingRead(romeo);
    clock.advance(29_000);
    await everythingRead(romeo);
    expect(errors(romeo)).toEqual([]);
    clock.advance(1_000);
    await everythingRead(romeo);
    expect(errors(romeo)).toEqual(['m1 remote-server-timeout', 'm2 remote-server-timeout']);
    expect(montague.of('ended', TO_CAPULET)).toHaveLength(1);
  });

  it('a message arrives when that server starts in time (M-9)', async () => {
    const { montague, capulet, toCapulet } = await startTwoServers();
    toCapulet.refuse();
    const romeo = await montague.bound('romeo', 'a');
    const juliet = await capulet.bound('juliet', 'a');
    romeo.write(message(JULIET, 'm1') + message(JULIET, 'm2'));
    await everythingRead(romeo);
    toCapulet.accept();
    await juliet.until(/<message [^>]*id="m1".*id="m2"/);
    expect(errors(romeo)).toEqual([]);
  });
});

describe('when the other server has forgotten the session', () => {
  it('written stanzas come back, and unwritten stanzas are sent on the new session, in order (R-7, R-10, A-12)', async () => {
    const stage = await startStage();
    const { montague, romeo, toCapulet } = stage;
    const [link] = [...toCapulet.connections].sort((a, b) => b.bytes.up - a.bytes.up);
    if (link === undefined) expect.fail('there is no link');
    toCapulet.refuse();
    await toCapulet.cut(link, { how: 'half-open' });
    romeo.write(message(JULIET, 'm1'));
    await everythingRead(romeo);
    // Ready before the way is lost: each attempt that fails makes the wait for the next one longer.
    const another = await stage.replaceCapulet();
    const juliet = await another.bound('juliet', 'a');
    await losesTheWay(stage);
    romeo.write(message(JULIET, 'm2') + message(JULIET, 'm3'));
    await everythingRead(romeo);
    toCapulet.accept();
    await juliet.until(/<message [^>]*id="m2".*id="m3"/);
    await romeo.until(/type="error"/);
    expect(errors(romeo)).toEqual(['m1 remote-server-timeout']);
    expect(montague.of('resumptionFailed', TO_CAPULET)).toHaveLength(1);
    await montague.reported('enabled', TO_CAPULET, 2);
    expect(juliet.received).not.toContain('m1');
  });
});

describe('when the other server closes gracefully', () => {
  it('the stream that it opened ends without hibernation, and the stream that we opened waits for its return (C-1, A-10)', async () => {
    // What is sent last has a second to be acknowledged.
    const clock = createVirtualClock(Date.now());
    const { montague, capulet, romeo, juliet } = await startStage({ clock });
    juliet.write(message(`romeo@montague.example/a`, 'm1'));
    await romeo.until(/<message [^>]*id="m1"/);
    await capulet.reported('enabled', TO_MONTAGUE);
    const closed = capulet.host.close();
    await juliet.gone();
    juliet.fin();
    await closed;
    await montague.reported('ended', TO_MONTAGUE);
    expect(montague.of('hibernationStart', TO_MONTAGUE)).toEqual([]);
    await montague.reported('hibernationStart', TO_CAPULET);
    expect(montague.of('returned', TO_CAPULET)).toEqual([]);
    expect(capulet.of('returned', TO_MONTAGUE)).toEqual([]);
    expect(errors(romeo)).toEqual([]);
  });
});

describe('a hibernating session of the other server', () => {
  it('ends when its time is over, and its last h stays readable (C-2, M-1, R-8)', async () => {
    const clock = createVirtualClock(Date.now());
    const stage = await startStage({ clock });
    await losesTheWay(stage);
    await stage.capulet.reported('hibernationStart', TO_CAPULET);
    clock.advance(300_000);
    await stage.capulet.reported('ended', TO_CAPULET);
    expect(stage.capulet.store.size).toMatchObject({ remembered: 1 });
  });
});
