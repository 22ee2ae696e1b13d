/** `npm run mutation`; docs/mutation-testing.md says what it shows. */
export default {
  mutate: ['src/core/*.ts', 'machines/*.ts', 'src/engine/*.ts', '!src/engine/client*.ts'],
  plugins: ['./test/mutation/in-process.mjs', './test/mutation/prose.mjs'],
  ignorers: ['prose'],
  testRunner: 'in-process',
  coverageAnalysis: 'perTest',
  // Types are stripped, not checked.
  disableTypeChecks: false,
  tsconfigFile: 'none',
  concurrency: 2,
  timeoutMS: 3_000,
  timeoutFactor: 1.5,
  incremental: true,
  incrementalFile: 'build/mutation/incremental.json',
  tempDirName: 'build/mutation/sandbox',
  reporters: ['clear-text', 'html', 'json', 'progress-append-only'],
  clearTextReporter: { allowColor: false, reportTests: false, reportMutants: true },
  htmlReporter: { fileName: 'build/mutation/report.html' },
  jsonReporter: { fileName: 'build/mutation/report.json' },
  thresholds: { high: 90, low: 90, break: 90 },
};
