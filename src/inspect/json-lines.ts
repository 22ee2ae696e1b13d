/** The record of many sessions: a trace line each, as a line of JSON, with the name of its session and the run it belongs to. */
import { type Either, left, right } from '../core/fp-ts.js';
import type { TraceLine } from '../engine/trace.js';
import { DEFAULT_POLICY } from '../index.js';

export interface RecordLine extends TraceLine {
  /** Whose session it is, as far as that was known. */
  readonly session: string;
  /** Which running session, whatever it is named: its lines are one sequence, and the first of them has a `start`. */
  readonly run: number | string;
}

/** With the line end. */
export const printRecordLine = (line: RecordLine): string => `${JSON.stringify(line)}\n`;

/** @returns the reason, in words, for what is no line of a record */
export const parseRecordLine = (text: string): Either<string, RecordLine> => {
  const line = parseJson(text);
  if (line === undefined) return left('this is not JSON');
  return isRecordLine(line) ? right(line) : left('this is no line of a trace');
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Only as deep as a reader needs: what an event holds is its own affair. */
const isRecordLine = (line: unknown): line is RecordLine =>
  isObject(line) &&
  (line.role === 'client' || line.role === 'server') &&
  typeof line.session === 'string' &&
  (typeof line.run === 'string' || typeof line.run === 'number') &&
  typeof line.at === 'number' &&
  typeof line.from === 'string' &&
  typeof line.to === 'string' &&
  isObject(line.event) &&
  typeof line.event.type === 'string' &&
  typeof line.event.at === 'number' &&
  [line.taken, line.actions, line.effects].every(Array.isArray) &&
  isObject(line.counters) &&
  (line.start === undefined || (isObject(line.start) && isObject(line.start.session) && isPolicy(line.start.policy)));

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

const isPolicy = (value: unknown): boolean =>
  isObject(value) &&
  Object.entries(DEFAULT_POLICY).every(
    ([key, standard]) => typeof standard === 'object' || typeof value[key] === typeof standard,
  );
