/** The tests that mutants are run against: those of the core, the charts and the engine, quick ones first. */
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

class ByName extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return [...files].sort((a, b) => (a.moduleId < b.moduleId ? -1 : 1));
  }
}

export default defineConfig({
  test: {
    include: ['test/{core,machines,engine}/*.test.ts'],
    // It walks every path, which takes longer than all the others together.
    exclude: ['test/engine/model.test.ts'],
    // The charts are compiled when they are loaded: once for each mutant.
    isolate: false,
    sequence: { sequencer: ByName },
    testTimeout: 10_000,
    env: { SEED: '198', EFFORT: '0.01' },
  },
});
