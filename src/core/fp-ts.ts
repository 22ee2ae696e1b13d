/**
 * The functions of fp-ts that this package uses. The build puts the functions themselves in place of this module
 * (`src/build/fp-ts.mjs`): Node loads the CommonJS modules of fp-ts slowly, and bundlers cannot leave out the unused parts of these modules.
 */
import type { pipe as pipeOfFpTs } from 'fp-ts/lib/function.js';

export { type Either, fromNullable, isLeft, isRight, left, map, mapLeft, right } from 'fp-ts/lib/Either.js';
export { separate } from 'fp-ts/lib/ReadonlyArray.js';

/** The `pipe` of fp-ts in short: the original names each of its ten arguments. */
export const pipe = ((value: unknown, ...steps: readonly ((value: unknown) => unknown)[]) =>
  steps.reduce((result, step) => step(result), value)) as typeof pipeOfFpTs;
