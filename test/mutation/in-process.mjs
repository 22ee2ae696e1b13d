/**
 * A test runner for Stryker that stays in one process: the tests are bundled once, and each mutant is one evaluation of that
 * bundle, so that the charts are compiled anew and nothing else is loaded. A process for each would take hours.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { compileFunction } from 'node:vm';
import { INSTRUMENTER_CONSTANTS } from '@stryker-mutator/api/core';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  DryRunStatus,
  determineHitLimitReached,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { JestAsymmetricMatchers, JestChaiExpect, JestExtend } from '@vitest/expect';
import * as chai from 'chai';
import { rolldown } from 'rolldown';

/** Two tests that take longer than all others together, also with a hundredth of their rounds; and a test of what the build makes. */
const LEFT_OUT = ['model.test.ts', 'oracle.test.ts', 'fp-ts.test.ts'];
const ROOMS = ['test/core', 'test/machines', 'test/engine'];
/** Where `drive` and the reading of counts are tested. */
const BESIDES = ['test/session/session-reentry.test.ts', 'test/xml/nonza-codec.test.ts'];

class InProcessRunner {
  #evaluate;
  #durations = new Map();

  capabilities = () => ({ reloadEnvironment: true });

  async init() {
    Object.assign(process.env, { SEED: '198', EFFORT: '0.01' });
    const files = ROOMS.flatMap((room) =>
      readdirSync(room)
        .filter((name) => name.endsWith('.test.ts') && !LEFT_OUT.includes(name))
        .map((name) => resolve(room, name)),
    );
    this.#evaluate = compileFunction(await bundled([...files, ...BESIDES.map((file) => resolve(file))]), [
      'require',
      'exports',
    ]);
  }

  async dryRun() {
    const namespace = activate(undefined);
    const result = await this.#run(undefined, false);
    if (result.status === DryRunStatus.Complete) {
      this.#durations = new Map(result.tests.map(({ id, timeSpentMs }) => [id, timeSpentMs]));
    }
    return { ...result, mutantCoverage: namespace.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, disableBail }) {
    const namespace = activate(activeMutant.id, hitLimit);
    const result = await this.#run(testFilter && new Set(testFilter), !disableBail);
    return toMutantRunResult(determineHitLimitReached(namespace.hitCount, hitLimit) ?? result);
  }

  /** The quickest tests first, up to the first that fails. */
  async #run(wanted, bail) {
    let registered = [];
    try {
      registered = register(this.#evaluate);
    } catch (error) {
      return { status: DryRunStatus.Complete, tests: [failed('the charts and the tests can be loaded', error, 0)] };
    }
    const tests = [];
    const known = (id) => this.#durations.get(id) ?? 0;
    const chosen = registered.filter(({ id }) => wanted === undefined || wanted.has(id));
    for (const { id, body } of chosen.sort((a, b) => known(a.id) - known(b.id))) {
      const test = await runOne(id, body);
      tests.push(test);
      if (bail && test.status === TestStatus.Failed) break;
    }
    return { status: DryRunStatus.Complete, tests };
  }
}

const bundled = async (files) => {
  const everything = files.map((file) => `import ${JSON.stringify(file)};`).join('\n');
  const bundle = await rolldown({
    input: 'everything',
    platform: 'node',
    // package.json says that no module of this project does anything when it is loaded; a test does.
    treeshake: false,
    // The modules of ltx are ECMAScript modules, and a bundle in CommonJS takes their default exports for something else.
    external: (id) => id !== 'everything' && !/^(\.|\/|ltx\/)/.test(id),
    plugins: [
      {
        name: 'everything',
        resolveId: (id) => (id === 'everything' ? id : undefined),
        load: (id) => (id === 'everything' ? everything : undefined),
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'cjs' });
  await bundle.close();
  return output[0].code;
};

const activate = (activeMutant, hitLimit) => {
  const namespace = { activeMutant, hitLimit, hitCount: 0, mutantCoverage: undefined, currentTestId: undefined };
  globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE] = namespace;
  return namespace;
};

/** Evaluates the bundle, whose tests see this instead of vitest. As with vitest, `describe` waits until the constants of its file exist. */
const register = (evaluate) => {
  const registered = [];
  const around = [];
  const waiting = [];
  let isLoaded = false;
  const describe = (name, body) => {
    if (!isLoaded) return waiting.push([name, body]);
    around.push(name);
    body();
    around.pop();
  };
  const it = (name, ...rest) => {
    registered.push({ id: [...around, name].join(' '), body: rest.find((given) => typeof given === 'function') });
  };
  it.skipIf = (skips) => (skips ? () => {} : it);
  it.each = (rows) => (name, body) => {
    for (const [index, row] of rows.entries()) it(`${name} (${index + 1})`, () => body(...[row].flat()));
  };
  const require = createRequire(import.meta.url);
  evaluate((id) => (id === 'vitest' ? { describe, it, expect: chai.expect } : require(id)), {});
  isLoaded = true;
  for (const described of waiting) describe(...described);
  return registered;
};

const runOne = async (id, body) => {
  globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE].currentTestId = id;
  const start = performance.now();
  try {
    await body();
    return { id, name: id, status: TestStatus.Success, timeSpentMs: performance.now() - start };
  } catch (error) {
    return failed(id, error, performance.now() - start);
  } finally {
    globalThis[INSTRUMENTER_CONSTANTS.NAMESPACE].currentTestId = undefined;
  }
};

const failed = (id, error, timeSpentMs) => ({
  id,
  name: id,
  status: TestStatus.Failed,
  timeSpentMs,
  failureMessage: String(error?.message ?? error).slice(0, 300),
});

/** What vitest's `expect` is made of. */
for (const part of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(part);
chai.Assertion.addMethod('toMatchFileSnapshot', function toMatchFileSnapshot(path) {
  chai.expect(this._obj).toBe(readFileSync(path, 'utf8'));
});
Object.assign(chai.expect, globalThis[Symbol.for('asymmetric-matchers-object')]);

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'in-process', InProcessRunner)];
