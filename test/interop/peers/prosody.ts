/** Prosody 0.12, as Debian packages it. */
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Certificate, selfSigned } from './certificate.js';
import { isInstalled, newDirectory, startDaemon } from './daemon.js';
import {
  HIBERNATION_TIME,
  ITERATIONS,
  LIVES,
  type Life,
  PASSWORD,
  type PeerKind,
  QUEUE_LIMITS,
  type Transport,
  userNames,
} from './peer.js';
import { freePorts } from './ports.js';

const missing = ['prosody', 'openssl'].filter((program) => !isInstalled(program));

export const prosody: PeerKind = {
  name: 'Prosody 0.12',
  missing: missing.length === 0 ? undefined : `${missing.join(' and ')} not installed`,
  async start(users, lives = LIVES) {
    const directory = newDirectory('prosody');
    const certificate = selfSigned(directory);
    const [c2s = 0, tls = 0, http = 0] = await freePorts(3);
    const configuration = join(directory, 'prosody.cfg.lua');
    writeFileSync(configuration, configure({ directory, certificate, c2s, tls, http }, lives));
    for (const life of lives) for (const host of HOSTS[life]) createAccounts(directory, host, users, life);
    const { pid, stop } = await startDaemon({
      command: 'prosody',
      args: ['--config', configuration, '-F'],
      directory,
      ready: [c2s, tls, http].map((port) => new RegExp(`Activated service .*:${port}`)),
      hopeless: /Failed to open server port/,
    });
    const ports = { TCP: c2s, STARTTLS: c2s, 'direct TLS': tls, WebSocket: http };
    const entrance = (transport: Transport, life: Life) => ({
      transport,
      domain: HOSTS[life][transport === 'TCP' ? 1 : 0],
      port: ports[transport],
      path: '/xmpp-websocket',
      ca: certificate.pem,
    });
    return { pid, entrance, stop };
  },
};

/** For each life a host that offers STARTTLS and one that does not: it is a matter of the host, not of the port. */
const HOSTS: Readonly<Record<Life, readonly [string, string]>> = {
  long: ['localhost', 'plain.localhost'],
  short: ['short.localhost', 'plain.short.localhost'],
  narrow: ['narrow.localhost', 'plain.narrow.localhost'],
  checked: ['checked.localhost', 'plain.checked.localhost'],
  resent: ['resent.localhost', 'plain.resent.localhost'],
  wide: ['wide.localhost', 'plain.wide.localhost'],
  hashed: ['hashed.localhost', 'plain.hashed.localhost'],
};

interface Setting {
  readonly directory: string;
  readonly certificate: Certificate;
  readonly c2s: number;
  readonly tls: number;
  readonly http: number;
}

/** Without `run_as_root` it would not start in a container. */
const configure = ({ directory, certificate, c2s, tls, http }: Setting, lives: readonly Life[]): string => `
run_as_root = true
daemonize = false
data_path = "${directory}"
pidfile = "${directory}/prosody.pid"
log = { info = "*console" }
interfaces = { "127.0.0.1" }
c2s_ports = { ${c2s} }
c2s_direct_tls_ports = { ${tls} }
http_ports = { ${http} }
http_interfaces = { "127.0.0.1" }
https_ports = { }
s2s_ports = { }
modules_disabled = { "s2s" }
modules_enabled = { "saslauth", "disco", "ping", "roster", "smacks", "websocket" }
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
consider_websocket_secure = true
http_default_host = "localhost"
storage = "internal"
ssl = { key = "${certificate.keyFile}"; certificate = "${certificate.certFile}" }
${lives.flatMap((life) => HOSTS[life].map((host, column) => virtualHost(host, life, column === 0))).join('')}`;

/**
 * A limit costs each session its memory at once, and a longer queue is not punished before the client resumes: `wide` has Prosody's own.
 * Where sessions are short nothing is stored: the sender hears at once that a session has expired.
 */
const virtualHost = (host: string, life: Life, encrypts: boolean): string => `
VirtualHost "${host}"
  modules_enabled = { ${encrypts ? '"tls", ' : ''}${life === 'checked' ? '"csi_simple"' : ''} }
  modules_disabled = { "s2s", ${encrypts ? '' : '"tls", '}${life === 'short' ? '"offline"' : ''} }
  authentication = "${life === 'hashed' ? 'internal_hashed' : 'internal_plain'}"
  smacks_hibernation_time = ${HIBERNATION_TIME[life]}
  ${life in QUEUE_LIMITS ? `smacks_max_queue_size = ${QUEUE_LIMITS[life]}` : ''}
`;

/** Its own tool would take most of a second for each. */
const createAccounts = (directory: string, host: string, users: number, life: Life): void => {
  const accounts = join(directory, host.replaceAll('.', '%2e'), 'accounts');
  mkdirSync(accounts, { recursive: true });
  for (const user of userNames(users)) {
    writeFileSync(join(accounts, `${user}.dat`), life === 'hashed' ? KEYS : `return { password = "${PASSWORD}" };\n`);
  }
};

/** RFC 5802 section 3. One salt for everybody, so that it is computed once. */
const SALT = 'the same for everybody';
const SALTED = pbkdf2Sync(PASSWORD, SALT, ITERATIONS, 20, 'sha1');
const keyFor = (purpose: string): Buffer => createHmac('sha1', SALTED).update(purpose).digest();
const KEYS = `return {
  salt = "${SALT}";
  iteration_count = ${ITERATIONS};
  stored_key = "${createHash('sha1').update(keyFor('Client Key')).digest('hex')}";
  server_key = "${keyFor('Server Key').toString('hex')}";
};
`;
