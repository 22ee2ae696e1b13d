/** The record of many sessions: each line is a trace line as JSON, with the name of its session and its run. */
import { type Either, left, right } from '../core/fp-ts.js';
import type { TraceLine } from '../engine/trace.js';
import { DEFAULT_POLICY } from '../index.js';

export interface RecordLine extends TraceLine {
  /** The name of the session's owner, as far as it was known. */
  readonly session: string;
  /**
   * The id of the running session, which does not depend on its name. Its lines are a sequence, and the first has a
   * `start`.
   */
  readonly run: number | string;
}

/** The line as JSON, with the line end. */
export const printRecordLine = (line: RecordLine): string => `${JSON.stringify(line)}\n`;

/** @returns Left with the reason, in words, when the text is not a line of a record */
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

/** Checks only the depth that a reader needs. It does not check the content of events. */
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
