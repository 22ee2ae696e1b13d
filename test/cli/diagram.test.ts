import { describe, expect, it } from 'vitest';
import { parseMermaid } from '../support/mermaid-parser.js';
import { smacks } from './smacks.js';

describe('smacks diagram', () => {
  it.each([
    { args: ['client'], words: ['state "enabling" as enabling'] },
    { args: ['server', '--state', 'hibernating', '--all'], words: ['hibernating : app.requestAck'] },
    { args: ['server', '--brief'], words: ['enabled --> hibernating : peer.error<br/>link.lost'] },
    { args: ['server', '--state', 'acking'], words: ['as enabled_acking {'] },
  ])('prints a diagram that Mermaid accepts: $args', async ({ args, words }) => {
    const { stdout, stderr, code } = await smacks('diagram', ...args);
    await parseMermaid(stdout);
    for (const word of words) expect(stdout).toContain(word);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  });

  it('prints a page with the diagrams of both roles', async () => {
    const { stdout, code } = await smacks('diagram');
    const diagrams = [...stdout.matchAll(/^## (\w+)\n\n```mermaid\n([\s\S]*?)```$/gm)];
    expect(diagrams.map(([, role]) => role)).toEqual(['client', 'server']);
    for (const [, , text = ''] of diagrams) await parseMermaid(text);
    expect(code).toBe(0);
  });

  it('prints only the role that has the state', async () => {
    const { stdout } = await smacks('diagram', '--state', 'claiming');
    expect(stdout).toContain('## server');
    expect(stdout).not.toContain('## client');
  });

  it.each([
    ['a role that does not exist', ['peer'], 'client, server'],
    ['a state that does not exist', ['client', '--state', 'claiming'], 'There are disabled'],
    ['two kinds of picture', ['client', '--all', '--brief'], '--brief cannot be used with --all'],
    ['a state that two have', ['client', '--state', 'authenticated'], 'hibernating.authenticated'],
  ])('ends with exit code 2 and one line on stderr for %s', async (_fault, args, words) => {
    const { stdout, stderr, code } = await smacks('diagram', ...args);
    expect(stderr).toMatch(/^smacks: .+\n$/);
    expect(stderr).toContain(words);
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
  });
});
