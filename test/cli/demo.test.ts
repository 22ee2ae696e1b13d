import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { DemoResult } from '../../src/cli/demo/table.js';
import { seedFrom } from '../../src/testing/random.js';
import { smacks, start, startIn } from './smacks.js';

const seed = seedFrom(process.env.SEED);
const root = resolve(import.meta.dirname, '../..');
const project = realpathSync(mkdtempSync(join(tmpdir(), 'smacks-demo-')));
afterAll(() => rmSync(project, { recursive: true, force: true }));

describe('smacks demo', () => {
  it(`loses, doubles and reorders no message while connections are cut (SEED=${seed})`, async () => {
    const { stdout, stderr, code } = await smacks(
      ...['demo', '--messages', '50', '--cuts', '5', '--seed', String(seed), '--json'],
    );
    expect(stderr).toContain(`seed ${seed}`);
    const result: DemoResult = JSON.parse(stdout);
    expect(result).toMatchObject({ seed, verdict: 'passed', faults: [] });
    const { made, early } = result.cuts;
    expect(made).toBe(5);
    const resumptions = result.directions.reduce((sum, direction) => sum + direction.resumptions, 0);
    expect(resumptions).toBeGreaterThanOrEqual(made - early);
    for (const direction of result.directions) {
      expect(direction).toMatchObject({ sent: 50, delivered: 50, lost: 0, doubled: 0, outOfOrder: 0 });
      expect(direction.receipts).toEqual({ acked: 50, failed: 0, pending: 0, wrong: 0 });
    }
    expect(code).toBe(0);
  });

  it('prints a table that ends in its verdict', async () => {
    const { stdout, code } = await smacks('demo', '--messages', '5', '--cuts', '0');
    expect(stdout).toMatch(/^ +romeo -> juliet {2}juliet -> romeo\nsent +5 +5\ndelivered +5 +5\n/);
    expect(stdout).toMatch(/\npassed: [^\n]+\n$/);
    expect(code).toBe(0);
  });

  it('ends cleanly on SIGINT, without a verdict', async () => {
    const demo = start('demo', '--messages', '100000', '--cuts', '3');
    await new Promise<void>((resolve) => demo.process.stderr?.once('data', () => resolve()));
    demo.process.kill('SIGINT');
    expect(await demo.ended).toMatchObject({ stdout: '', stderr: expect.stringMatching(/interrupted\n$/), code: 130 });
  });

  it('says that @xmpp/client has to be installed, when it is not', async () => {
    const modules = join(project, 'node_modules');
    mkdirSync(modules, { recursive: true });
    cpSync(join(root, 'dist'), join(project, 'dist'), { recursive: true });
    cpSync(join(root, 'package.json'), join(project, 'package.json'));
    for (const name of readdirSync(join(root, 'node_modules'))) {
      if (name !== '@xmpp') symlinkSync(join(root, 'node_modules', name), join(modules, name));
    }
    const { stdout, stderr, code } = await startIn(project, 'demo').ended;
    expect(stderr).toMatch(/^smacks: .*npm install @xmpp\/client\n$/);
    expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
  });
});
