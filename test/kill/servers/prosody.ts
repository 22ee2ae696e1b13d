/** Prosody 0.12, as Debian packages it. What it keeps on disk, rosters and offline messages, outlives it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isInstalled } from '../../interop/peers/daemon.js';
import { PASSWORD, type Prepare, QUEUE_LIMIT, type Setting } from './server.js';

export const prosody: Prepare = (setting) => {
  if (!isInstalled('prosody')) throw new Error('prosody is not installed');
  const { directory, users } = setting;
  const configuration = join(directory, 'prosody.cfg.lua');
  writeFileSync(configuration, configure(setting));
  const accounts = join(directory, 'localhost', 'accounts');
  mkdirSync(accounts, { recursive: true });
  for (const user of users) writeFileSync(join(accounts, `${user}.dat`), `return { password = "${PASSWORD}" };\n`);
  return {
    name: 'Prosody 0.12',
    command: 'prosody',
    args: ['--config', configuration, '-F'],
    domain: 'localhost',
    path: '/xmpp-websocket',
  };
};

/** Without `run_as_root` it would not start in a container. */
const configure = ({ directory, ports, hibernationTime }: Setting): string => `
run_as_root = true
daemonize = false
data_path = "${directory}"
log = { warn = "*console" }
interfaces = { "127.0.0.1" }
c2s_ports = { ${ports.tcp} }
c2s_direct_tls_ports = { }
http_ports = { ${ports.webSocket} }
http_interfaces = { "127.0.0.1" }
https_ports = { }
s2s_ports = { }
modules_disabled = { "s2s", "tls" }
modules_enabled = { "saslauth", "roster", "smacks", "websocket" }
c2s_require_encryption = false
allow_unencrypted_plain_auth = true
consider_websocket_secure = true
http_default_host = "localhost"
storage = "internal"
authentication = "internal_plain"
smacks_hibernation_time = ${hibernationTime}
smacks_max_queue_size = ${QUEUE_LIMIT}
VirtualHost "localhost"
`;
