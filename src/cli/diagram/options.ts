import { chain } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { type Checked, type Flags, flag, type Given, obey, optional, type Rule, readOptions } from '../options.js';
import { anyText } from '../values.js';

export const diagramOptions = {
  state: optional('<name>', 'only this state, what is inside it, and its neighbours', anyText),
  all: flag('also show what changes nothing: events that are ignored'),
  brief: flag('only the ways from state to state; without --state, of the outermost states'),
};

export type DiagramFlags = Flags<typeof diagramOptions>;

export const readDiagram = (given: Given): Checked<DiagramFlags> =>
  pipe(readOptions(diagramOptions, given), chain(obey(briefIsNotAll)));

const briefIsNotAll: Rule<DiagramFlags> = ({ all, brief }) =>
  all && brief ? '--brief cannot be used with --all' : undefined;
