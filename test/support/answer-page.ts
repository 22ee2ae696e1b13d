/**
 * A page of answers, for people to read. The first state is whole. A state after it names the state that it is most like, and has
 * the rows that differ. A row is `events: answer`. An event stands alone when every event of its type gets that answer.
 */

/** What one state answers. */
export interface Answers {
  readonly name: string;
  readonly configuration: string;
  readonly rows: readonly Row[];
}

interface Row {
  /** Of the event. */
  readonly type: string;
  /** What else the event carries, in words. */
  readonly details: string;
  readonly answer: readonly string[];
}

export const answerPage = (states: readonly Answers[]): string =>
  states.map((state, index) => section(state, states.slice(0, index))).join('\n');

const section = (state: Answers, earlier: readonly Answers[]): string => {
  const [like] = earlier
    .map((other) => ({ name: other.name, rows: differing(state, other) }))
    .sort((a, b) => a.rows.length - b.rows.length);
  const rows = printed(like?.rows ?? state.rows, state.rows);
  const preface = like === undefined ? [] : [`As in "${like.name}"${rows.length > 0 ? ', but:' : '.'}`];
  return [`# ${state.name} (${state.configuration})`, ...preface, ...rows, ''].join('\n');
};

/** The rows of a state that another state does not have. */
const differing = (state: Answers, other: Answers): readonly Row[] => {
  const known = new Set(other.rows.map((row) => JSON.stringify(row)));
  return state.rows.filter((row) => !known.has(JSON.stringify(row)));
};

const printed = (rows: readonly Row[], all: readonly Row[]): readonly string[] =>
  grouped(rows, ({ answer }) => answer.join()).flatMap((same) => {
    const events = grouped(same, ({ type }) => type).map((variants) => eventsOf(variants, all));
    const answer = same[0]?.answer ?? [];
    const line = `${events.join(', ')}: ${answer.join('; ')}`;
    return line.length <= WIDTH ? [line] : [...filled(events, ', ', ':', ''), ...filled(answer, '; ', '', '    ')];
  });

const eventsOf = (variants: readonly Row[], all: readonly Row[]): string => {
  const { type = '' } = variants[0] ?? {};
  const isEvery = variants.length === all.filter((row) => row.type === type).length;
  return isEvery ? type : `${type} (${variants.map(({ details }) => details || 'plain').join(' | ')})`;
};

const WIDTH = 120;

/** As many words a line as fit. */
const filled = (words: readonly string[], separator: string, end: string, indent: string): readonly string[] => {
  const lines: string[] = [];
  for (const [index, word] of words.entries()) {
    const text = word + (index < words.length - 1 ? separator.trimEnd() : end);
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + text.length <= WIDTH) lines[lines.length - 1] = `${last} ${text}`;
    else lines.push(indent + text);
  }
  return lines;
};

const grouped = <T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly T[])[] => {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
};
