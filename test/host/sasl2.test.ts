import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HostOptions } from '../../src/host/host.js';
import type { Claim, SessionStore } from '../../src/ports/index.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import { connectRaw, failed, HEADER, message, type RawClient, resume, SM, streamError } from '../support/raw-client.js';
import { startHost, type TestHost } from '../support/test-host.js';
import { identity as tls } from '../support/tls-identity.js';

const SASL_2 = 'urn:xmpp:sasl:2';
const BIND_2 = 'urn:xmpp:bind:0';
const UA = 'd4565fa7-4d72-4749-b3d3-740edbf87770';
const INLINE = `<inline><sm xmlns='${SM}'/><bind xmlns='${BIND_2}'><inline><feature var='${SM}'/><feature var='urn:xmpp:csi:0'/></inline></bind></inline>`;
const BOUND_FEATURES = "<stream:features><csi xmlns='urn:xmpp:csi:0'/></stream:features>";
const FEATURES_WITHOUT_SM = `<stream:features><csi xmlns='urn:xmpp:csi:0'/><sm xmlns='${SM}'/></stream:features>`;

const authenticate = (inside = '', password = 'romeo-secret'): string => {
  const plain = Buffer.from(`\0romeo\0${password}`).toString('base64');
  return `<authenticate xmlns='${SASL_2}' mechanism='PLAIN'><initial-response>${plain}</initial-response>${inside}</authenticate>`;
};
const bind = (inside = '', tag = 'tag'): string => `<bind xmlns='${BIND_2}'><tag>${tag}</tag>${inside}</bind>`;
const enable = `<enable xmlns='${SM}' resume='true'/>`;
const success = (inside: string, jid = 'romeo@localhost'): string =>
  `<success xmlns='${SASL_2}'><authorization-identifier>${jid}</authorization-identifier>${inside}</success>`;

interface Secured {
  readonly host: TestHost;
  /** Connected by TLS, with the features read. */
  connect(header?: string): Promise<RawClient>;
  /** Logged in, bound and enabled, all in one request. */
  enabled(tag?: string): Promise<RawClient & { readonly smId: string; readonly jid: string }>;
}

const secured = async (options: Partial<HostOptions> = {}): Promise<Secured> => {
  const host = await startHost({ tls, ...options });
  const { port } = await host.host.listen({ host: '127.0.0.1', port: 0, direct: true });
  const connect = async (header?: string): Promise<RawClient> => {
    const client = await connectRaw(port, true);
    await client.open(header);
    return client;
  };
  return {
    host,
    connect,
    async enabled(tag) {
      const client = await connect();
      client.write(authenticate(bind(enable, tag)));
      const [, jid = '', smId = ''] = await client.until(
        /<authorization-identifier>(.+)<\/authorization-identifier><bound .*<enabled [^>]* id='([^']+)'.*<\/stream:features>/,
      );
      return Object.assign(client, { jid, smId });
    },
  };
};

describe('SASL2 and BIND2 at the host', () => {
  it('are offered over TLS, with the features that a login can contain (I-1)', async () => {
    const { connect } = await secured();
    const client = await connect();
    expect(client.received).toContain(
      `<authentication xmlns='${SASL_2}'><mechanism>SCRAM-SHA-256</mechanism><mechanism>SCRAM-SHA-1</mechanism><mechanism>PLAIN</mechanism>${INLINE}</authentication>`,
    );
  });

  it('are not offered without TLS', async () => {
    const host = await startHost({ tls });
    const client = await host.connect();
    await client.open();
    expect(client.received).not.toContain(SASL_2);
    await client.write(authenticate()).until(/<failure /);
  });

  it('do not offer resumption when sessions cannot be resumed (I-1)', async () => {
    const { connect } = await secured({ policy: { resume: false } });
    const client = await connect();
    expect(client.received).toContain(`<inline><bind xmlns='${BIND_2}'>`);
  });

  it('authenticate alone: features follow on the same stream, and the resource is bound the classic way', async () => {
    const { connect } = await secured();
    const client = await connect();
    await client.write(authenticate()).expect(success(''));
    await client.until(/^<stream:features><bind .*<sm xmlns='urn:xmpp:sm:3'\/><\/stream:features>/);
    expect(await client.bind('a')).toBe('romeo@localhost/a');
    expect(await client.enable()).not.toBe('');
    expect(await client.ask()).toBe(0);
  });

  it('bind, and the client can enable stream management afterwards (I-1, E-4)', async () => {
    const { connect } = await secured();
    const client = await connect();
    client.write(authenticate(bind()));
    const [, jid] = await client.until(/<authorization-identifier>([^<]+)<\/authorization-identifier>/);
    expect(jid).toMatch(/^romeo@localhost\/tag\/[\w-]+$/);
    await client.expect(`<bound xmlns='${BIND_2}'></bound></success>${FEATURES_WITHOUT_SM}`);
    expect(await client.enable()).not.toBe('');
  });

  it('bind and enable in one request: <enabled/> is inside <bound/>, and counting begins (I-1, A-1, A-2)', async () => {
    const { host, connect } = await secured();
    const client = await connect();
    client.write(authenticate(bind(enable)));
    await client.until(
      /<bound xmlns='urn:xmpp:bind:0'><enabled xmlns='urn:xmpp:sm:3' id='[^']+' resume='true' max='300'\/>/,
    );
    await client.expect(`</bound></success>${BOUND_FEATURES}`);
    client.write('<presence/>');
    expect(await client.ask()).toBe(1);
    client.write(message('juliet@localhost', 'm1'));
    expect(await client.ask()).toBe(2);
    expect(host.events.some(({ report }) => /violation/i.test(report.type) || report.type === 'misuse')).toBe(false);
  });

  it('a failed inline <enable/> is a <failed/> inside <bound/>, and the resource is bound all the same (I-4)', async () => {
    const store: SessionStore = { ...createMemoryStore(), save: () => Promise.reject(new Error('the disk is full')) };
    const { connect } = await secured({ store });
    const client = await connect();
    client.write(authenticate(bind(enable)));
    const [, jid = ''] = await client.until(/<authorization-identifier>([^<]+)<\/authorization-identifier>/);
    await client.expect(
      `<bound xmlns='${BIND_2}'>${failed('internal-server-error')}</bound></success>${FEATURES_WITHOUT_SM}`,
    );
    client.write(message(jid, 'to-myself'));
    await client.until(/id=["']to-myself["']/);
  });

  it('resume: <bind/> is ignored, no features follow, and the replay follows (I-2, R-4)', async () => {
    const { host, connect, enabled } = await secured();
    const juliet = await host.bound('juliet', 'a');
    const lost = await enabled();
    juliet.write(message(lost.jid, 'm1') + message(lost.jid, 'm2'));
    await lost.until(/m2/);
    lost.reset();
    await host.reported('hibernationStart', lost.jid);
    const client = await connect();
    client.write(authenticate(resume(lost.smId, 1) + bind(enable)));
    await client.expect(success(`<resumed xmlns='${SM}' h='0' previd='${lost.smId}'/>`, lost.jid));
    await client.until(/^<message [^>]*id=["']m2["'].*?<\/message>/);
    await client.expect(`<r xmlns='${SM}'/>`);
    client.write(message(lost.jid, 'm3'));
    expect(await client.ask()).toBe(1);
    expect(client.received.split('<stream:features>')).toHaveLength(2);
  });

  it('a failed inline <resume/> is a <failed/> inside <success/>, and the bind goes ahead with its <enable/> (I-3, R-7)', async () => {
    const { connect } = await secured();
    const client = await connect();
    client.write(authenticate(resume('nobody', 5) + bind(enable)));
    await client.until(/<\/authorization-identifier>/);
    await client.expect(failed('item-not-found'));
    await client.until(/^<bound xmlns='urn:xmpp:bind:0'><enabled [^>]*\/><\/bound><\/success>/);
    await client.expect(BOUND_FEATURES);
  });

  it('when a resumption and an enablement fail, each <failed/> is in its own place (I-3, I-4)', async () => {
    const store: SessionStore = { ...createMemoryStore(), save: () => Promise.reject(new Error('the disk is full')) };
    const { connect } = await secured({ store });
    const client = await connect();
    client.write(authenticate(resume('nobody', 5) + bind(enable)));
    await client.until(/<\/authorization-identifier>/);
    const bound = `<bound xmlns='${BIND_2}'>${failed('internal-server-error')}</bound>`;
    await client.expect(`${failed('item-not-found')}${bound}</success>${FEATURES_WITHOUT_SM}`);
  });

  it('after a failed inline <resume/> without <bind/>, the client binds the classic way (R-10)', async () => {
    const { connect } = await secured();
    const client = await connect();
    await client.write(authenticate(resume('nobody', 5))).expect(success(failed('item-not-found')));
    await client.until(/^<stream:features><bind /);
    await client.bind('a');
    expect(await client.enable()).not.toBe('');
  });

  it('a <resume/> for an expired session gets the h of that session (I-3, R-8)', async () => {
    const clock = createVirtualClock(Date.now());
    const { host, connect, enabled } = await secured({ clock, policy: { hibernationTime: 60 } });
    const first = await enabled();
    first.write('<presence/>');
    expect(await first.ask()).toBe(1);
    first.reset();
    await host.reported('hibernationStart', first.jid);
    clock.advance(60_000);
    expect(host.of('expired', first.jid)).toHaveLength(1);
    const client = await connect();
    await client.write(authenticate(resume(first.smId, 0))).expect(success(failed('item-not-found', { h: 1 })));
  });

  it('a malformed inline <resume/> is refused inside <success/>; the session that it names still waits (X-1, I-3)', async () => {
    const { host, connect, enabled } = await secured();
    const first = await enabled();
    first.reset();
    await host.reported('hibernationStart', first.jid);
    const client = await connect();
    client.write(authenticate(`<resume xmlns='${SM}' previd='${first.smId}'/>`));
    await client.expect(success(failed('bad-request', { text: 'h must be an unsignedInt' })));
    client.reset();
    const again = await connect();
    await again.write(authenticate(resume(first.smId, 0))).until(/<resumed /);
  });

  it("another user's session is not found (R-7, R-12)", async () => {
    const { host, connect, enabled } = await secured();
    const first = await enabled();
    first.reset();
    await host.reported('hibernationStart', first.jid);
    const juliet = Buffer.from('\0juliet\0juliet-secret').toString('base64');
    const client = await connect();
    client.write(
      `<authenticate xmlns='${SASL_2}' mechanism='PLAIN'><initial-response>${juliet}</initial-response>${resume(first.smId, 0)}</authenticate>`,
    );
    await client.expect(success(failed('item-not-found'), 'juliet@localhost'));
  });

  it('an inline h that is too high ends the new stream; the session that it names is untouched (A-8, R-5)', async () => {
    const { host, connect, enabled } = await secured();
    const first = await enabled();
    first.reset();
    await host.reported('hibernationStart', first.jid);
    const client = await connect();
    const text = 'You acknowledged 7 stanzas, but only 0 were sent to you';
    const counts = `<handled-count-too-high xmlns='${SM}' h='7' send-count='0'/>`;
    await client.write(authenticate(resume(first.smId, 7))).last(streamError('undefined-condition', text, counts));
    const again = await connect();
    await again.write(authenticate(resume(first.smId, 0))).until(/<resumed /);
  });

  it('no part of the request is carried out when authentication fails (I-2)', async () => {
    const { host, connect, enabled } = await secured();
    const first = await enabled();
    first.reset();
    await host.reported('hibernationStart', first.jid);
    const client = await connect();
    await client
      .write(authenticate(resume(first.smId, 0) + bind(enable), 'wrong'))
      .expect(`<failure xmlns='${SASL_2}'><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/></failure>`);
    expect(host.of('hibernationEnd', first.jid)).toEqual([]);
    await client.write(authenticate(resume(first.smId, 0))).until(/^<success .*<resumed /);
  });

  it('a live session is taken over: its old stream ends with conflict, and contacts see no change (R-11)', async () => {
    const { host, connect, enabled } = await secured();
    const juliet = await host.bound('juliet', 'a');
    await juliet.write("<presence/><presence to='romeo@localhost' type='subscribe'/>").until(/subscribed"/);
    const first = await enabled();
    first.write('<presence/>');
    await juliet.until(/<presence [^>]*from=["']romeo@localhost\/tag/);
    const client = await connect();
    client.write(authenticate(resume(first.smId, 0)));
    await client.until(/<resumed /);
    await first.until(/<conflict /);
    client.write(message('juliet@localhost/a', 'still-here'));
    await juliet.until(/still-here/);
    expect(juliet.received).not.toContain('unavailable');
  });

  it('a stanza that arrives while the host asks the store comes after <success/> (I-2, R-4)', async () => {
    const memory = createMemoryStore();
    let answer = (): void => {};
    let asked = (): void => {};
    const isAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const store: SessionStore = {
      ...memory,
      claim: (...question) =>
        new Promise<Claim>((resolve) => {
          answer = () => resolve(memory.claim(...question));
          asked();
        }),
    };
    const { host, connect, enabled } = await secured({ store });
    const first = await enabled();
    first.reset();
    await host.reported('hibernationStart', first.jid);
    const juliet = await host.bound('juliet', 'a');
    const client = await connect();
    client.write(authenticate(resume(first.smId, 0)));
    await isAsked;
    juliet.write(message(first.jid, 'meanwhile'));
    await host.reported('stanzaQueued', first.jid);
    answer();
    await client.until(/^<success .*<resumed [^>]*\/><\/success><message [^>]*id=["']meanwhile["'].*<r /);
  });

  it('the same client gets the same resource, and takes its own place (XEP-0386 section 3.2.1)', async () => {
    const { host, connect } = await secured();
    const request = authenticate(`<user-agent id='${UA}'/>${bind(enable)}`);
    const jids: string[] = [];
    for (let i = 0; i < 2; i++) {
      const client = await connect();
      client.write(request);
      jids.push((await client.until(/<authorization-identifier>([^<]+)</))[1] ?? '');
      await client.until(/<\/stream:features>/);
    }
    expect(jids[0]).toBe(jids[1]);
    expect(jids[0]).not.toContain(UA.slice(0, 8));
    await host.reported('ended', jids[0] ?? '');
  });

  it('a tag that is not valid in a resource is left out', async () => {
    const { connect } = await secured();
    const client = await connect();
    client.write(authenticate(bind('', '\t')));
    await client.until(/<authorization-identifier>romeo@localhost\/[\w-]+<\/authorization-identifier><bound /);
  });

  it('<inactive/> inside <bind/> begins the session inactive (P-3)', async () => {
    const { host, connect } = await secured({ policy: { maxUnackedStanzas: 0 } });
    const client = await connect();
    client.write(authenticate(bind(`${enable}<inactive xmlns='urn:xmpp:csi:0'/>`)));
    const [, jid = ''] = await client.until(/<authorization-identifier>([^<]+)<.*<\/stream:features>/);
    const juliet = await host.bound('juliet', 'a');
    juliet.write(message(jid, 'm1'));
    await client.until(/m1/);
    client.write(message(jid, 'm2'));
    await client.until(/m2.*?<\/message>/);
    expect(client.received).not.toContain('<r ');
  });

  it('a client that sends another element while it authenticates is disconnected (XEP-0388 section 2.4)', async () => {
    const { connect } = await secured();
    const client = await connect();
    await client
      .write(`${authenticate(bind(enable))}<presence/>`)
      .last(streamError('not-authorized', 'wait for the answer to <authenticate/>'));
  });

  it('a second <authenticate/> after success is a stream error', async () => {
    const { enabled } = await secured();
    const client = await enabled();
    await client.write(authenticate()).until(/<stream:error>/);
  });

  it('a client that authenticates as another user than its stream header names is refused (XEP-0388 section 2.3)', async () => {
    const { connect } = await secured();
    const header = HEADER.replace(" to='localhost'", " from='juliet@localhost' to='localhost'");
    const client = await connect(header);
    await client.write(authenticate(bind(enable))).until(/^<failure [^>]*><invalid-authzid /);
    const own = await connect(header.replace('juliet@localhost', 'romeo@localhost'));
    await own.write(authenticate(bind(enable))).until(/^<success /);
  });

  it('counts correctly around 2^32 from the first stanza on (A-4, I-1)', async () => {
    const { connect, host } = await secured({ policy: { initialCount: 4294967293 as never } });
    const client = await connect();
    client.write(authenticate(bind(enable)));
    const [, jid = '', smId = ''] = await client.until(
      /<authorization-identifier>(.+)<\/authorization-identifier>.* id='([^']+)'.*<\/stream:features>/,
    );
    for (let i = 0; i < 5; i++) client.write(message(jid, `m${i}`));
    expect(await client.ask()).toBe(2);
    client.reset();
    await host.reported('hibernationStart', jid);
    const again = await connect();
    again.write(authenticate(resume(smId, 4294967294)));
    await again.until(/<resumed xmlns='urn:xmpp:sm:3' h='2' /);
    await again.until(/m1.*m2.*m3.*m4.*<r /);
  });
});

describe('TLS at the host', () => {
  const openssl = spawnSync('openssl', ['version']).status === 0;

  it.skipIf(!openssl && process.env.SMACKS_INTEROP !== 'required')(
    'accepts no early data, so that no inline request can be replayed (S-1)',
    async () => {
      const { host } = await startHost({ tls });
      const { port } = await host.listen({ host: '127.0.0.1', port: 0, direct: true });
      const folder = mkdtempSync(join(tmpdir(), 'smacks-'));
      const file = join(folder, 'session.pem');
      try {
        const client = spawn('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, '-tls1_3', '-sess_out', file]);
        client.stdin.write(HEADER);
        let said = '';
        await new Promise<void>((resolve) =>
          client.stdout.on('data', (text) => {
            said += text;
            if (said.includes('</stream:features>')) resolve();
          }),
        );
        client.stdin.end();
        await new Promise((resolve) => client.on('close', resolve));
        expect(execFileSync('openssl', ['sess_id', '-in', file, '-noout', '-text']).toString()).toContain(
          'Max Early Data: 0',
        );
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});
