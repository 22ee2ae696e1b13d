/**
 * The functions of fp-ts that this package uses, named in one place. The build replaces this module by the functions themselves
 * (`src/build/fp-ts.mjs`): Node takes long to load their CommonJS modules, and bundlers cannot leave out the unused parts of those.
 */
export { type Either, fromNullable, isLeft, isRight, left, map, mapLeft, right } from 'fp-ts/lib/Either.js';
export { pipe } from 'fp-ts/lib/function.js';
export { separate } from 'fp-ts/lib/ReadonlyArray.js';
