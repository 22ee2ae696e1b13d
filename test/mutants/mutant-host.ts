/** `smacks host` in a process of its own, with a fault or without. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { CheckServerOptions } from '../../src/check.js';
import { reach } from '../check/verdicts.js';
import type { Mutant, Scene } from './mutant.js';
import { compiledFile, ROOT } from './mutate.js';

export interface MutantHost extends Pick<CheckServerOptions, 'server' | 'transport' | 'accounts'> {
  /** Ends it. @returns what it had to say, which is nothing unless it broke down */
  stop(): Promise<string>;
}

const DOMAIN = 'localhost';
const PASSWORD = 'secret';

/**
 * @param users how many accounts it has
 * @returns rejects when it does not listen
 */
export const startHost = async (scene: Scene, mutant: Mutant | undefined, users: number): Promise<MutantHost> => {
  const names = Array.from({ length: users }, (_, index) => `user-${index}`);
  const { transport = 'tcp', initialCount = 0, host = [] } = scene;
  const child = spawn(
    process.execPath,
    [
      ...swapped(mutant),
      MAIN,
      'host',
      ...listening(transport),
      ...host,
      ...names.flatMap((user) => ['--account', `${user}:${PASSWORD}`]),
      '--initial-count',
      `${initialCount}`,
    ],
    { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const port = await new Promise<number>((resolve, reject) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (more: string) => {
      text += more;
      const found = /127\.0\.0\.1:(\d+)/.exec(text)?.[1];
      if (found !== undefined) resolve(Number(found));
    });
    child.on('close', () => reject(new Error(`the host does not start: ${said}`)));
  });
  return {
    ...reach({ port, transport }),
    accounts: names.map((user) => ({ jid: `${user}@${DOMAIN}`, password: PASSWORD })),
    async stop() {
      child.kill('SIGKILL');
      await ended;
      return said;
    },
  };
};

const MAIN = join(ROOT, 'dist', 'src', 'cli', 'main.js');
const ANY_PORT = '127.0.0.1:0';
const IDENTITY = ['cert', 'key'].map((part) => join(ROOT, 'test', 'support', `localhost-${part}.pem`)).join(',');

const listening = (transport: Scene['transport']): readonly string[] => {
  switch (transport) {
    case 'ws':
      return ['--ws', ANY_PORT];
    case 'tls':
      return ['--tls-listen', ANY_PORT, '--tls', IDENTITY];
    default:
      return ['--listen', ANY_PORT];
  }
};

/** Options of Node that put the mutant's file in the place of the one that was built. */
const swapped = (mutant: Mutant | undefined): readonly string[] => {
  if (mutant === undefined) return [];
  const urlOf = (file: string): string => pathToFileURL(file).href;
  const data = {
    original: urlOf(join(ROOT, 'dist', mutant.file.replace(/\.ts$/, '.js'))),
    replacement: urlOf(compiledFile(mutant)),
  };
  const hooks = new URL('swap-module.mjs', import.meta.url).href;
  const script = `import { register } from 'node:module'; register(${JSON.stringify(hooks)}, { data: ${JSON.stringify(data)} });`;
  return ['--import', `data:text/javascript,${encodeURIComponent(script)}`];
};
