import { describe, expect, it } from 'vitest';
import type { PolicyChanges, Report } from '../../src/index.js';
import { peerViolation } from '../../src/index.js';
import { type ClientSession, createSession } from '../../src/session/client-session.js';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import { ENABLED, element, enabledClient, INCOMING, message, ROMEO, recordingStream } from '../support/session-wire.js';

const R = "<r xmlns='urn:xmpp:sm:3'/>";
const ENABLE = "<enable xmlns='urn:xmpp:sm:3' resume='true' max='300'/>";
const RESUME = "<resume xmlns='urn:xmpp:sm:3' h='0' previd='secret-id'/>";

const client = (policy: PolicyChanges = {}) => {
  const reports: Report[] = [];
  const handedOver: string[] = [];
  const session: ClientSession = createSession({
    policy,
    clock: createVirtualClock(),
    onStanza: (stanza, position) => handedOver.push(`${stanza.name} ${position}`),
    onReport: (report) => reports.push(report),
  });
  const last = () => reports.at(-1);
  return { session, reports, handedOver, last };
};

/** A client whose session waits, on a new connection. */
const back = (session: ClientSession) => {
  enabledClient(session).link.lost();
  const stream = recordingStream();
  const link = session.attach(stream);
  return { stream, link };
};

describe('a session of a client', () => {
  it('writes <enable/> on `enable`, and counts from then on (E-1, E-2, E-8, A-1)', () => {
    const { session, last } = client();
    const { stream } = enabledClient(session);
    expect(stream.written).toEqual([ENABLE]);
    expect(last()).toEqual({ type: 'enabled', resumable: true, max: 60, location: null });
    expect(session.counters).toEqual({ received: 0, handled: 0, sent: 0, acked: 0, unacked: 0 });
    session.send(message('1'));
    expect(session.counters).toEqual({ received: 0, handled: 0, sent: 1, acked: 0, unacked: 1 });
  });

  it('reports `enable` before the bind as misuse, and changes nothing (E-2)', () => {
    const { session, last } = client();
    session.attach(recordingStream());
    session.authenticated(ROMEO);
    session.enable();
    expect(last()).toMatchObject({ type: 'misuse', failure: { event: 'app.enable' } });
    expect(session.status).toBe('negotiating');
  });

  it('returns the SM-ID, the owner and the location that the server named (R-2, E-7)', () => {
    const { session } = client();
    expect([session.smId, session.owner, session.location]).toEqual([null, null, null]);
    const link = session.attach(recordingStream());
    session.authenticated(ROMEO);
    session.bound();
    session.enable();
    link.receive(element(ENABLED.replace('/>', " location='b.example.net:5223'/>")));
    expect([session.smId, session.owner, session.location]).toEqual(['secret-id', ROMEO, 'b.example.net:5223']);
  });

  it('writes <resume/> on `resume` when `canResume` is true (R-1, R-3)', () => {
    const { session } = client();
    const { stream } = back(session);
    expect(session.canResume).toBe(false);
    session.authenticated(ROMEO);
    expect(session.canResume).toBe(true);
    session.resume();
    expect(session.canResume).toBe(false);
    expect(stream.written).toEqual([RESUME]);
  });

  it('returns its stanzas when a resource is bound in place of resuming (R-3, A-13)', () => {
    const { session, reports } = client();
    enabledClient(session).link.lost();
    session.send(message('1'));
    session.attach(recordingStream());
    session.authenticated(ROMEO);
    session.bound();
    expect(reports.at(-1)).toMatchObject({ type: 'returned', stanzas: [{ key: '1', written: false }] });
  });

  it('after `decline`, uses a stream without stream management, and returns each stanza at once after it is written (E-11)', () => {
    const { session, last } = client();
    const stream = recordingStream();
    session.attach(stream);
    session.authenticated(ROMEO);
    session.bound();
    session.decline();
    session.send(message('1'));
    expect(stream.written).toEqual(["<message id='1'/>"]);
    expect(last()).toMatchObject({ type: 'returned', reason: 'unmanaged', stanzas: [{ key: '1', written: true }] });
  });

  it('gives <enable/> to the login on `authenticating`, and reads the answer inside the login (I-5)', () => {
    const { session, last } = client();
    const stream = recordingStream();
    const link = session.attach(stream);
    session.authenticating();
    expect(stream.written).toEqual([`carry ${ENABLE}`]);
    session.authenticated(ROMEO, { resuming: false });
    session.bound({ enabling: true });
    expect(session.status).toBe('enabling');
    link.receive(element(ENABLED));
    expect(last()).toMatchObject({ type: 'enabled' });
  });

  it('gives <resume/> to the login on `authenticating`, and reads the answer inside the login (I-5)', () => {
    const { session, last } = client();
    const { stream, link } = back(session);
    session.authenticating();
    expect(stream.written).toEqual([`carry ${RESUME}`, `carry ${ENABLE}`]);
    session.authenticated(ROMEO, { resuming: true });
    expect(session.status).toBe('resuming');
    link.receive(element("<resumed xmlns='urn:xmpp:sm:3' previd='secret-id' h='0'/>"));
    expect(last()).toMatchObject({ type: 'resumed' });
  });

  it('needs neither login nor bind between servers: `verified` replaces both (M-9)', () => {
    const { session } = client();
    const stream = recordingStream();
    const link = session.attach(stream);
    session.verified('example.org');
    session.enable();
    link.receive(element(ENABLED));
    expect([session.status, session.owner]).toEqual(['enabled', 'example.org']);
  });

  it('writes negotiation without counting it, and sends <r/> (A-3, P-1)', () => {
    const { session } = client();
    const { stream } = enabledClient(session);
    session.writeUncounted('<a-nonza/>');
    session.requestAck();
    expect(stream.written.slice(1)).toEqual(['<a-nonza/>', R]);
    expect(session.counters.sent).toBe(0);
  });

  it('holds back a stanza that may wait while its peer is inactive, and writes it when the peer is active (XEP-0352, P-3)', () => {
    const { session } = client();
    const { stream } = enabledClient(session);
    session.inactive();
    session.send({ ...message('1'), mayWait: true });
    expect(stream.written.slice(1)).toEqual([]);
    expect(session.counters).toMatchObject({ sent: 0, unacked: 1 });
    session.active();
    expect(stream.written.slice(1)).toEqual(["<message id='1'/>", R]);
    expect(session.counters).toMatchObject({ sent: 1, unacked: 1 });
  });

  it('counts a stanza when it is `handled`, in any order, with deferHandling (A-14)', () => {
    const { session, handedOver } = client({ deferHandling: true });
    const { link } = enabledClient(session);
    link.receive(element(INCOMING));
    link.receive(element(INCOMING));
    expect(handedOver).toEqual(['message 1', 'message 2']);
    session.handled(2);
    expect(session.counters).toMatchObject({ received: 2, handled: 0 });
    session.handled(1);
    expect(session.counters).toMatchObject({ received: 2, handled: 2 });
  });

  it('closes with a last <a/> and the given stream error, and returns its queue (A-10, A-13)', () => {
    const { session, reports } = client();
    const { stream } = enabledClient(session);
    session.send(message('1'));
    session.close('policy-violation');
    expect(stream.written.slice(-3)).toEqual([
      "<a xmlns='urn:xmpp:sm:3' h='0'/>",
      expect.stringContaining('<policy-violation '),
      'closed',
    ]);
    expect(session.status).toBe('ended');
    expect(reports).toContainEqual(expect.objectContaining({ type: 'returned', reason: 'closed' }));
  });
});

describe('a link of a client', () => {
  it('says whether an element belongs to stream management (A-3)', () => {
    const { session } = client();
    const { link } = enabledClient(session);
    expect(link.receive(element(R))).toBe(true);
    expect(link.receive(element("<features xmlns='http://etherx.jabber.org/streams'/>"))).toBe(false);
  });

  it('ends the session when the peer closes its stream (C-1), and when the input breaks it (S-3)', () => {
    const first = client().session;
    enabledClient(first).link.closed();
    expect(first.status).toBe('ended');
    const second = client().session;
    const { stream, link } = enabledClient(second);
    link.violated(peerViolation('not-well-formed', 'an end tag is missing'));
    expect(stream.written.join()).toContain('<not-well-formed ');
    expect(second.status).toBe('ended');
  });

  it('that is replaced has no effect on its session, and its acts are dropped (design law 6)', () => {
    const { session, handedOver } = client();
    const { link } = enabledClient(session);
    let acts = 0;
    link.lost();
    const { configuration } = session.state;
    expect(link.receive(element(INCOMING))).toBe(true);
    link.inOrder(() => (acts += 1));
    link.closed();
    link.violated(peerViolation('not-well-formed', ''));
    link.lost();
    expect([handedOver, acts, session.state.configuration]).toEqual([[], 0, configuration]);
  });
});
