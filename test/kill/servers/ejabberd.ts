/** ejabberd 23.01, as Debian packages it: started from `erl` itself, so that it needs neither epmd nor a user of its own. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isInstalled } from '../../interop/peers/daemon.js';
import { PASSWORD, type Prepare, type Setting } from './server.js';

export const ejabberd: Prepare = (setting) => {
  const libraries = findLibraries();
  if (!isInstalled('erl') || libraries === undefined) throw new Error('ejabberd is not installed');
  const { directory, users } = setting;
  mkdirSync(join(directory, 'spool'));
  const [configuration, lookup] = [join(directory, 'ejabberd.yml'), join(directory, 'inetrc')];
  writeFileSync(configuration, configure(setting));
  writeFileSync(lookup, '{lookup,["file","native"]}.\n{host,{127,0,0,1},["localhost"]}.\n');
  const spool = `"${join(directory, 'spool')}"`;
  return {
    name: 'ejabberd 23.01',
    command: 'erl',
    args: ['-noinput', '-mnesia', 'dir', spool, '-s', 'ejabberd', '-eval', register(users)],
    env: {
      HOME: directory,
      EJABBERD_CONFIG_PATH: configuration,
      EJABBERD_LOG_PATH: join(directory, 'ejabberd.log'),
      ERL_INETRC: lookup,
      ERL_LIBS: libraries,
      ERL_CRASH_DUMP_BYTES: '0',
    },
    domain: 'localhost',
    path: '/ws',
  };
};

/** Where Debian puts the modules: below a directory named for the machine's architecture. */
const findLibraries = (): string | undefined =>
  readdirSync('/usr/lib')
    .filter((name) => name.includes('-linux-'))
    .map((name) => join('/usr/lib', name))
    .find((folder) => existsSync(folder) && readdirSync(folder).some((name) => name.startsWith('ejabberd-')));

/** Messages of an expired session are stored, and not returned: that is the kinder of its two ways. */
const configure = ({ ports, hibernationTime }: Setting): string => `
loglevel: error
hosts: [localhost]
auth_method: [internal]
auth_password_format: plain
disable_sasl_mechanisms: ["digest-md5", "X-OAUTH2"]
shaper: {}
shaper_rules: {max_user_sessions: infinity, max_user_offline_messages: infinity}
listen:
  - {port: ${ports.tcp}, ip: "127.0.0.1", module: ejabberd_c2s, starttls: false, access: all, backlog: 1000}
  - {port: ${ports.webSocket}, ip: "127.0.0.1", module: ejabberd_http, request_handlers: {/ws: ejabberd_http_ws}}
modules:
  mod_disco: {}
  mod_roster: {}
  mod_offline: {access_max_user_messages: max_user_offline_messages}
  mod_stream_mgmt: {resume_timeout: ${hibernationTime}, max_ack_queue: infinity, ack_timeout: 3, resend_on_timeout: true}
`;

/** Erlang, run once ejabberd is up; whoever is registered already stays so. */
const register = (users: readonly string[]): string =>
  `${users.map((user) => `ejabberd_auth:try_register(<<"${user}">>, <<"localhost">>, <<"${PASSWORD}">>)`).join(', ')}.`;
