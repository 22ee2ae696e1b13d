import { randomInt } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { connectRaw, message } from '../support/raw-client.js';
import { startHost } from '../support/test-host.js';
import { newDirectory, startDaemon } from './peers/daemon.js';
import { PASSWORD, type PeerKind } from './peers/peer.js';
import { freePorts } from './peers/ports.js';
import { prosody } from './peers/prosody.js';
import { withPeer } from './suite.js';

/** Where servers are awaited when nobody says otherwise; Prosody cannot be told another port without DNS. */
const S2S_PORT = 5269;

let c2s = 0;
let s2s = 0;

/** Prosody as a server among servers. Without DNS it finds a domain that is an address. */
const betweenServers: PeerKind = {
  name: 'Prosody 0.12 between servers',
  missing: prosody.missing,
  async start() {
    const directory = newDirectory('prosody-s2s');
    [c2s = 0, s2s = 0] = await freePorts(2);
    const configuration = join(directory, 'prosody.cfg.lua');
    writeFileSync(configuration, configure(directory));
    const accounts = join(directory, 'localhost', 'accounts');
    mkdirSync(accounts, { recursive: true });
    writeFileSync(join(accounts, 'user1.dat'), `return {\n\t["password"] = "${PASSWORD}";\n};\n`);
    const { pid, stop } = await startDaemon({
      command: 'prosody',
      args: ['--config', configuration, '-F'],
      directory,
      ready: [c2s, s2s].map((port) => new RegExp(`Activated service .*:${port}`)),
      hopeless: /Failed to open server port/,
    });
    return { pid, entrance: () => expect.fail('there is one entrance only'), stop };
  },
};

const configure = (directory: string): string => `
run_as_root = true
daemonize = false
data_path = "${directory}"
pidfile = "${directory}/prosody.pid"
log = { info = "*console" }
interfaces = { "127.0.0.1" }
c2s_ports = { ${c2s} }
s2s_ports = { ${s2s} }
c2s_direct_tls_ports = { }
s2s_direct_tls_ports = { }
http_ports = { }
https_ports = { }
modules_enabled = { "saslauth", "disco", "ping", "roster", "smacks", "dialback", "s2s" }
modules_disabled = { "s2s_auth_certs", "tls" }
c2s_require_encryption = false
s2s_require_encryption = false
s2s_secure_auth = false
allow_unencrypted_plain_auth = true
authentication = "internal_plain"
storage = "internal"
VirtualHost "localhost"
`;

withPeer(betweenServers, () => {
  it('verifies our host and is verified; messages arrive both ways, without stream management, which it does not offer on such a stream (M-9, E-11)', async () => {
    const domain = `127.${randomInt(1, 255)}.${randomInt(1, 255)}.${randomInt(1, 255)}`;
    const host = await startHost({ domain, s2s: { peers: { localhost: { host: '127.0.0.1', port: s2s } } } });
    await host.host.listen({ host: domain, port: S2S_PORT, s2s: true });
    const juliet = await host.bound('juliet', 'a');
    const romeo = await connectRaw(c2s, false, 'localhost');
    await romeo.login('user1', PASSWORD);
    const jid = await romeo.bind('a');
    for (let i = 0; i < 3; i++) {
      juliet.write(message(jid, `to-${i}`));
      await romeo.until(new RegExp(`<message [^>]*id='to-${i}'`));
      romeo.write(message(`juliet@${domain}/a`, `from-${i}`));
      await juliet.until(new RegExp(`<message [^>]*id="from-${i}"`));
    }
    romeo.write(`<iq to='${domain}' id='i1' type='get'><ping xmlns='urn:xmpp:ping'/></iq>`);
    await romeo.until(/<iq [^>]*id='i1'[^>]*>/);
    expect(host.of('enabled', `${domain}->localhost`)).toEqual([]);
    expect(host.of('violation', `localhost->${domain}`)).toEqual([]);
    expect(host.of('toleratedViolation', `localhost->${domain}`)).toEqual([]);
    romeo.reset();
  });
});
