/** ejabberd 23.01, as Debian packages it: started from `erl` itself, so that it needs neither epmd nor a user of its own. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Certificate, selfSigned } from './certificate.js';
import { isInstalled, newDirectory, startDaemon } from './daemon.js';
import { HIBERNATION_TIME, LIVES, type Life, PASSWORD, type PeerKind, QUEUE_LIMITS, type Transport } from './peer.js';
import { freePorts } from './ports.js';

/** Where Debian puts the modules: below a directory named for the machine's architecture. */
const libraries = (): string | undefined =>
  readdirSync('/usr/lib')
    .filter((name) => name.includes('-linux-'))
    .map((name) => join('/usr/lib', name))
    .find((directory) => existsSync(directory) && readdirSync(directory).some((name) => name.startsWith('ejabberd-')));

const missing = [
  ...['erl', 'openssl'].filter((program) => !isInstalled(program)),
  ...(libraries() === undefined ? ['ejabberd'] : []),
];

export const ejabberd: PeerKind = {
  name: 'ejabberd 23.01',
  missing: missing.length === 0 ? undefined : `${missing.join(' and ')} not installed`,
  async start(users, lives = LIVES) {
    const directory = newDirectory('ejabberd');
    const certificate = selfSigned(directory);
    const [plain = 0, c2s = 0, tls = 0, http = 0] = await freePorts(4);
    mkdirSync(join(directory, 'spool'));
    const [configuration, lookup] = [join(directory, 'ejabberd.yml'), join(directory, 'inetrc')];
    writeFileSync(configuration, configure({ certificate, plain, c2s, tls, http }, lives));
    writeFileSync(lookup, '{lookup,["file","native"]}.\n{host,{127,0,0,1},["localhost"]}.\n');
    const { pid, stop } = await startDaemon({
      command: 'erl',
      args: [
        '-noinput',
        '-mnesia',
        'dir',
        `"${join(directory, 'spool')}"`,
        '-s',
        'ejabberd',
        '-eval',
        register(users, lives),
      ],
      directory,
      env: {
        HOME: directory,
        EJABBERD_CONFIG_PATH: configuration,
        EJABBERD_LOG_PATH: join(directory, 'ejabberd.log'),
        ERL_INETRC: lookup,
        ERL_LIBS: libraries() ?? '',
        ERL_CRASH_DUMP_BYTES: '0',
      },
      ready: [/^everybody is registered$/m],
      hopeless: /Failed to open socket|\[critical\]/,
    });
    const ports = { TCP: plain, STARTTLS: c2s, 'direct TLS': tls, WebSocket: http };
    const entrance = (transport: Transport, life: Life) => ({
      transport,
      domain: HOSTS[life],
      port: ports[transport],
      path: '/ws',
      ca: certificate.pem,
    });
    return { pid, entrance, stop };
  },
};

const HOSTS: Readonly<Record<Life, string>> = {
  long: 'localhost',
  short: 'short.localhost',
  narrow: 'narrow.localhost',
  checked: 'checked.localhost',
  resent: 'resent.localhost',
  wide: 'wide.localhost',
  hashed: 'hashed.localhost',
};

const hostsOf = (lives: readonly Life[]): readonly string[] => lives.map((life) => HOSTS[life]);

const management = (life: Life): string => {
  const limit = life === 'wide' ? 'infinity' : QUEUE_LIMITS[life];
  return [
    `resume_timeout: ${HIBERNATION_TIME[life]}`,
    ...(limit === undefined ? [] : [`max_ack_queue: ${limit}`]),
    ...(life === 'resent' ? ['resend_on_timeout: true'] : []),
  ].join(', ');
};

interface Setting {
  readonly certificate: Certificate;
  readonly plain: number;
  readonly c2s: number;
  readonly tls: number;
  readonly http: number;
}

const configure = ({ certificate, plain, c2s, tls, http }: Setting, lives: readonly Life[]): string => `
loglevel: warning
hosts: [${hostsOf(lives).join(', ')}]
certfiles: ["${certificate.bothFile}"]
auth_method: [internal]
disable_sasl_mechanisms: ["digest-md5", "X-OAUTH2"]
shaper: {}
shaper_rules: {max_user_sessions: infinity, max_user_offline_messages: 5000}
listen:
  - {port: ${plain}, ip: "127.0.0.1", module: ejabberd_c2s, starttls: false, access: all, backlog: 1000}
  - {port: ${c2s}, ip: "127.0.0.1", module: ejabberd_c2s, starttls: true, access: all}
  - {port: ${tls}, ip: "127.0.0.1", module: ejabberd_c2s, tls: true, access: all}
  - {port: ${http}, ip: "127.0.0.1", module: ejabberd_http, request_handlers: {/ws: ejabberd_http_ws}}
host_config:
${lives.map(hostConfig).join('\n')}
`;

const hostConfig = (life: Life): string => `  ${HOSTS[life]}:
    auth_password_format: ${life === 'hashed' ? 'scram' : 'plain'}
    modules:
${modules('      ', life)}`;

const modules = (indent: string, life: Life): string =>
  [
    'mod_disco: {}',
    'mod_ping: {}',
    'mod_roster: {}',
    'mod_offline: {access_max_user_messages: max_user_offline_messages}',
    `mod_stream_mgmt: {${management(life)}}`,
    ...(life === 'checked' ? ['mod_client_state: {}'] : []),
  ]
    .map((line) => indent + line)
    .join('\n');

/** Erlang, run once ejabberd is up. Where keys are kept they are computed once and not for each user: it takes ejabberd long. */
const register = (users: number, lives: readonly Life[]): string => `
  Register = fun(Host, Keep) ->
    Kept = Keep(Host, <<"${PASSWORD}">>),
    [ejabberd_auth_mnesia:try_register(<<"user", (integer_to_binary(N))/binary>>, Host, Kept) || N <- lists:seq(1, ${users})]
  end,
${lives.map((life) => `  Register(<<"${HOSTS[life]}">>, ${life === 'hashed' ? KEYS : PLAIN}),`).join('\n')}
  io:format("everybody is registered~n").`;

const PLAIN = 'fun(_, Password) -> Password end';
const KEYS = 'fun ejabberd_auth:password_to_scram/2';
