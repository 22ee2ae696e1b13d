/** The one door to fp-ts: `lib/Either.js` is the path that resolves in plain Node and in bundlers alike. */
export { type Either, isLeft, isRight, left, right } from 'fp-ts/lib/Either.js';
