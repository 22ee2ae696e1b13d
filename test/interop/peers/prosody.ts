/** Prosody 0.12, as Debian packages it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Certificate, selfSigned } from './certificate.js';
import { isInstalled, newDirectory, startDaemon } from './daemon.js';
import {
  HIBERNATION_TIME,
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
  async start(users) {
    const directory = newDirectory('prosody');
    const certificate = selfSigned(directory);
    const [c2s = 0, tls = 0, http = 0] = await freePorts(3);
    const configuration = join(directory, 'prosody.cfg.lua');
    writeFileSync(configuration, configure({ directory, certificate, c2s, tls, http }));
    for (const host of HOSTS.flat()) createAccounts(directory, host, users);
    const { stop } = await startDaemon({
      command: 'prosody',
      args: ['--config', configuration, '-F'],
      directory,
      ready: [c2s, tls, http].map((port) => new RegExp(`Activated service .*:${port}`)),
      hopeless: /Failed to open server port/,
    });
    const ports = { TCP: c2s, STARTTLS: c2s, 'direct TLS': tls, WebSocket: http };
    const entrance = (transport: Transport, life: Life) => ({
      transport,
      domain: HOSTS[LIVES.indexOf(life)]?.[transport === 'TCP' ? 1 : 0] ?? '',
      port: ports[transport],
      path: '/xmpp-websocket',
      ca: certificate.pem,
    });
    return { entrance, stop };
  },
};

const LIVES: readonly Life[] = ['long', 'short', 'narrow', 'checked', 'resent'];

/** For each life a host that offers STARTTLS and one that does not: it is a matter of the host, not of the port. */
const HOSTS = [
  ['localhost', 'plain.localhost'],
  ['short.localhost', 'plain.short.localhost'],
  ['narrow.localhost', 'plain.narrow.localhost'],
  ['checked.localhost', 'plain.checked.localhost'],
  ['resent.localhost', 'plain.resent.localhost'],
] as const;

interface Setting {
  readonly directory: string;
  readonly certificate: Certificate;
  readonly c2s: number;
  readonly tls: number;
  readonly http: number;
}

/** Without `run_as_root` it would not start in a container. */
const configure = ({ directory, certificate, c2s, tls, http }: Setting): string => `
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
authentication = "internal_plain"
storage = "internal"
ssl = { key = "${certificate.keyFile}"; certificate = "${certificate.certFile}" }
${LIVES.flatMap((life, row) => (HOSTS[row] ?? []).map((host, column) => virtualHost(host, life, column === 0))).join('')}`;

/** Where sessions are short nothing is stored: the sender hears at once that a session has expired. */
const virtualHost = (host: string, life: Life, encrypts: boolean): string => `
VirtualHost "${host}"
  modules_enabled = { ${encrypts ? '"tls", ' : ''}${life === 'checked' ? '"csi_simple"' : ''} }
  modules_disabled = { "s2s", ${encrypts ? '' : '"tls", '}${life === 'short' ? '"offline"' : ''} }
  smacks_hibernation_time = ${HIBERNATION_TIME[life]}
  ${life in QUEUE_LIMITS ? `smacks_max_queue_size = ${QUEUE_LIMITS[life]}` : ''}
`;

/** Its own tool would take most of a second for each. */
const createAccounts = (directory: string, host: string, users: number): void => {
  const accounts = join(directory, host.replaceAll('.', '%2e'), 'accounts');
  mkdirSync(accounts, { recursive: true });
  for (const user of userNames(users)) {
    writeFileSync(join(accounts, `${user}.dat`), `return {\n\t["password"] = "${PASSWORD}";\n};\n`);
  }
};
