import { chain } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { type Checked, type Flags, flag, type Given, obey, optional, readOptions, withDefault } from '../options.js';
import { stanzasNeedInspector, type TracingFlags, tracingOptions } from '../tracing-options.js';
import { wholeNumber } from '../values.js';

export const demoOptions = {
  messages: withDefault('<n>', 'messages each way', wholeNumber(1, 1_000_000), 2000),
  cuts: withDefault('<n>', 'how often a connection is cut', wholeNumber(0, 10_000), 40),
  seed: optional('<n>', 'repeat the cuts of an earlier run (default: a fresh one)', wholeNumber(0, 2 ** 32 - 1)),
  json: flag('print one JSON object instead of the table'),
};

export type DemoFlags = Flags<typeof demoOptions> & TracingFlags;

export const readDemo = (given: Given): Checked<DemoFlags> =>
  pipe(readOptions({ ...demoOptions, ...tracingOptions }, given), chain(obey(stanzasNeedInspector)));
