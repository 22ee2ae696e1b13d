/**
 * The Either of fp-ts, whose functions take ours; made here, because loading fp-ts for these four would cost a browser
 * more than the whole core does.
 */
import type { Either, Left, Right } from 'fp-ts/lib/Either.js';

export type { Either };

export const left = <E = never, A = never>(value: E): Either<E, A> => ({ _tag: 'Left', left: value });

export const right = <A = never, E = never>(value: A): Either<E, A> => ({ _tag: 'Right', right: value });

export const isLeft = <E, A>(either: Either<E, A>): either is Left<E> => either._tag === 'Left';

export const isRight = <E, A>(either: Either<E, A>): either is Right<A> => either._tag === 'Right';
