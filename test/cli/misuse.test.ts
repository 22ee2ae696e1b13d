import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { smacks } from './smacks.js';

const manifest: { version: string } = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../package.json'), 'utf8'),
);
const CHECK = ['check', '--server', '127.0.0.1:5222'];
const TWO = ['--account', 'romeo@localhost:secret', '--account', 'juliet@localhost:secret'];
const HOST = ['host', '--listen', '127.0.0.1:0', '--account', 'romeo:secret'];

describe('smacks', () => {
  it('prints its version', async () => {
    expect(await smacks('--version')).toEqual({ stdout: `${manifest.version}\n`, stderr: '', code: 0 });
  });

  it.each([
    { command: [], words: ['check', 'demo', 'diagram', 'host', 'inspect', 'replay', 'stream management'] },
    { command: ['check'], words: ['--server', '--account', '--only', '--junit', 'Examples:', 'exit code'] },
    { command: ['demo'], words: ['--messages', '--cuts', '--seed', '--json', 'Examples:', 'exit code'] },
    { command: ['diagram'], words: ['client', 'server', '--state', '--all', 'Mermaid', 'Examples:'] },
    { command: ['inspect'], words: ['[what]', '--listen', '--stanzas', 'forwards and back', 'Examples:'] },
    { command: ['replay'], words: ['<file>', '--session', '--json', 'Examples:', 'exit'] },
    {
      command: ['host'],
      words: ['--listen', '--s2s-peer', '--tls', '--account', '--trace', '--events', 'Policy:', 'Examples:'],
    },
    { command: ['host'], words: ['--inspect', '--inspect-stanzas', '--inspect-stately', 'Inspector:'] },
  ])('prints its help: $command --help', async ({ command, words }) => {
    const { stdout, stderr, code } = await smacks(...command, '--help');
    for (const word of words) expect(stdout).toContain(word);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  });

  it('prints its help, as misuse, when there is no command', async () => {
    const { stdout, stderr, code } = await smacks();
    expect(stderr).toContain('Usage: smacks');
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
  });
});

describe('misuse ends with exit code 2 and one line on stderr that names the fault:', () => {
  it.each([
    ['an unknown command', ['dmeo'], 'Did you mean demo?'],
    ['an unknown option', ['demo', '--mesages', '5'], 'Did you mean --messages?'],
    ['an argument too many', ['demo', '5'], 'too many arguments'],
    ['an option without its value', ['demo', '--cuts'], '--cuts'],
    ['no number', ['demo', '--messages', 'many'], '--messages'],
    ['a number out of range', ['demo', '--messages', '0'], '--messages'],
    ['a seed out of range', ['demo', '--seed', '4294967296'], '--seed'],
    ['no account', ['host', '--listen', '127.0.0.1:0'], '--account'],
    ['an account without a password', ['host', '--listen', '127.0.0.1:0', '--account', 'romeo'], 'USER:PASSWORD'],
    ['a user name that no JID can have', ['host', '--listen', '127.0.0.1:0', '--account', 'a b:c'], '--account'],
    ['nothing to listen on', ['host', '--account', 'romeo:secret'], '--listen'],
    ['an address without a port', ['host', '--listen', '::1', '--account', 'romeo:secret'], 'HOST:PORT'],
    ['a domain that is not valid', [...HOST, '--domain', 'romeo@localhost'], '--domain'],
    ['one TLS file', [...HOST, '--tls', 'cert.pem'], 'CERT,KEY'],
    ['direct TLS without files', [...HOST, '--tls-listen', '127.0.0.1:0'], '--tls CERT,KEY'],
    ['a WebSocket over TLS without files', [...HOST, '--wss', '127.0.0.1:0'], '--tls CERT,KEY'],
    ['a server without its address', [...HOST, '--s2s', '127.0.0.1:0', '--s2s-peer', 'a.example'], 'DOMAIN=HOST:PORT'],
    ['a server of no domain', [...HOST, '--s2s', '127.0.0.1:0', '--s2s-peer', 'a@b=127.0.0.1:1'], 'not a domain'],
    ['a server of our domain', [...HOST, '--s2s', '127.0.0.1:0', '--s2s-peer', 'localhost=127.0.0.1:1'], '--s2s-peer'],
    ['a server that cannot ask back', [...HOST, '--s2s-peer', 'a.example=127.0.0.1:1'], 'needs --s2s HOST:PORT'],
    ['a server twice', [...HOST, ...['a', 'A'].flatMap((name) => ['--s2s-peer', `${name}=127.0.0.1:1`])], 'twice'],
    ['a negative time', [...HOST, '--hibernation-time', '-1'], '--hibernation-time'],
    ['a fraction of a stanza', [...HOST, '--max-unacked-stanzas', '1.5'], '--max-unacked-stanzas'],
    ['a queue without room', [...HOST, '--max-queue-stanzas', '0'], '--max-queue-stanzas'],
    ['a host that accepts no client', [...HOST, '--max-unauthenticated', '0'], '--max-unauthenticated'],
    ['a count beyond 32 bits', [...HOST, '--initial-count', '4294967296'], '--initial-count'],
    ['an unknown choice', [...HOST, '--on-expiry', 'keep'], 'return, offline, drop'],
    ['a dead link before a late ack', [...HOST, '--dead-after', '5'], '--max-ack-delay'],
    ['an inspector without a port', [...HOST, '--inspect', 'localhost'], 'HOST:PORT'],
    ['a page of Stately with a wrong address', [...HOST, '--inspect-stately', 'stately'], 'address of a page'],
    ['stanzas shown nowhere', [...HOST, '--inspect-stanzas'], 'needs --inspect'],
    ['the same in the demo', ['demo', '--inspect-stanzas'], 'needs --inspect'],
    ['a page at no address', ['inspect', '--listen', '8080'], 'HOST:PORT'],
    ['no server to check', ['check', ...TWO], '--server'],
    ['a server without a port', ['check', '--server', 'localhost', ...TWO], 'HOST:PORT'],
    ['a URL that is not valid', ['check', '--server', 'ws://', ...TWO], 'URL'],
    ['a URL for TCP', ['check', '--server', 'ws://localhost', '--transport', 'tls', ...TWO], '--transport tls'],
    ['one account', [...CHECK, '--account', 'romeo@localhost:secret'], 'two accounts'],
    ['an account without a domain', [...CHECK, '--account', 'romeo:secret'], 'JID:PASSWORD'],
    ['accounts of two servers', [...CHECK, ...TWO, '--account', 'a@b:c'], 'all accounts are of one server'],
    ['a check that does not exist', [...CHECK, ...TWO, '--only', 'nonsuch'], '--only nonsuch'],
    ['a check that only an object has', [...CHECK, ...TWO, '--only', 'constructor'], '--only constructor'],
    ['an unknown transport', [...CHECK, ...TWO, '--transport', 'udp'], 'tcp, starttls, tls, ws'],
    ['two reports on stdout', [...CHECK, ...TWO, '--json', '-', '--junit', '-'], 'both'],
    ['a location that is not valid', [...HOST, '--location', '::1'], '--location'],
  ])('%s', async (_fault, args, words) => {
    const { stdout, stderr, code } = await smacks(...args);
    expect(stderr).toMatch(/^smacks: .+\n$/);
    expect(stderr).toContain(words);
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
  });
});
