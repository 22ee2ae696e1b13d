import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seedFrom } from '../../src/testing/random.js';
import { type Outcome, smacks } from './smacks.js';

const seed = seedFrom(process.env.SEED);
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'smacks-replay-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const record = join(folder, 'demo.jsonl');
let lines: readonly string[] = [];

beforeAll(async () => {
  const { code, stderr } = await smacks(
    ...['demo', '--messages', '40', '--cuts', '4', '--seed', `${seed}`, '--trace', record],
  );
  expect(code, stderr).toBe(0);
  lines = readFileSync(record, 'utf8').trimEnd().split('\n');
}, 150_000);

/** Replays a record of these lines. */
const replayed = (texts: readonly string[], end = '\n'): Promise<Outcome> => {
  const file = join(folder, 'other.jsonl');
  writeFileSync(file, texts.join('\n') + end);
  return smacks('replay', file);
};

describe(`smacks replay of a demo whose connections were cut, SEED=${seed}`, () => {
  it('prints every transition with its clauses, for host and clients', async () => {
    const { stdout, stderr, code } = await smacks('replay', record);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toMatch(/^romeo, client, run romeo 1$/m);
    expect(stdout).toMatch(/^juliet@localhost\/demo, server, run \d+$/m);
    expect(stdout).toMatch(
      / app\.enable A-1 R-1\n +disabled\.bound -> enabling\n +write <enable\/>, timer\.set ackWait\n/,
    );
    expect(stdout).toMatch(/ peer\.resumed \[resumesOurs\] R-5 /);
    expect(stdout).toMatch(new RegExp(`\n${lines.length} steps in \\d+ runs, as the charts have it\n$`));
  });

  it('prints only the session that the options name', async () => {
    const { stdout, code } = await smacks('replay', record, '--session', 'romeo@localhost');
    const headings = stdout.split('\n').filter((line) => /^\S+, (client|server), run /.test(line));
    expect(new Set(headings.map((line) => line.split(',')[0]))).toEqual(
      new Set(['romeo@localhost', 'romeo@localhost/demo']),
    );
    expect(code).toBe(0);
  });

  it('prints a line of JSON for each step', async () => {
    const { stdout, code } = await smacks('replay', record, '--json', '--session', 'juliet');
    const steps = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    for (const step of steps) {
      expect(step).toMatchObject({ session: 'juliet', role: 'client', run: 'juliet 1', line: expect.any(Number) });
    }
    expect(steps.some(({ taken }) => taken.some(({ clauses }: { clauses: string[] }) => clauses.includes('A-1')))).toBe(
      true,
    );
    expect(code).toBe(0);
  });

  it('fails with exit code 1 where a step disagrees, and names the line and the difference', async () => {
    const at = lines.findIndex((line) => line.includes('"counters":{"received":1,'));
    const tampered = lines[at]?.replace('"counters":{"received":1,', '"counters":{"received":2,') ?? '';
    const { stderr, code } = await replayed(lines.with(at, tampered));
    expect(stderr).toMatch(/^smacks: .+\n$/);
    expect(stderr).toContain(`other.jsonl:${at + 1}: `);
    expect(stderr).toContain('counters.received: the record says 2, the charts say 1');
    expect(code).toBe(1);
  });

  it('continues with a second record in the same file', async () => {
    expect(await replayed([...lines, ...lines])).toMatchObject({ stderr: '', code: 0 });
  });

  it('accepts a last line that is incomplete', async () => {
    const { stderr, code } = await replayed([...lines, lines[0]?.slice(0, 30) ?? ''], '');
    expect(stderr).toContain(`other.jsonl:${lines.length + 1}: the last line is cut off`);
    expect(code).toBe(0);
  });
});

describe('smacks replay ends with exit code 2 and one line on stderr for', () => {
  it.each([
    ['no file', () => smacks('replay'), "missing required argument 'file'"],
    ['a file that is not there', () => smacks('replay', join(folder, 'none')), 'no such file'],
    ['a folder', () => smacks('replay', folder), 'illegal operation on a directory'],
    ['an empty file', () => replayed([], ''), 'it is empty'],
    ['text', () => replayed(['text']), 'other.jsonl:1: this is not JSON'],
    ['JSON that is no trace', () => replayed([lines[0] ?? '', '{"before":true}']), ':2: this is no line of a trace'],
    ['a session that is not in it', () => smacks('replay', record, '--session', 'nurse'), 'no session nurse'],
  ])('%s', async (_fault, run, words) => {
    const { stderr, code } = await run();
    expect(stderr).toMatch(/^smacks: .+\n$/);
    expect(stderr).toContain(words);
    expect(code).toBe(2);
  });
});

it('smacks demo fails with exit code 1 when the trace cannot be written', async () => {
  const { stdout, stderr, code } = await smacks('demo', '--trace', folder);
  expect(stderr).toMatch(/^smacks: --trace .+\n$/);
  expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
});
