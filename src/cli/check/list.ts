import { type Check, subjects } from '../../check.js';

/** The checks by subject: the id, what a server does to pass, and the clauses. */
export const listOf = (chosen: readonly Check[]): string => {
  const width = Math.max(...chosen.map(({ id }) => id.length));
  return Object.entries(subjects)
    .map(([subject, checks]) => [subject, checks.filter((check) => chosen.includes(check))] as const)
    .filter(([, checks]) => checks.length > 0)
    .map(([subject, checks]) => [subject, ...checks.map((check) => line(check, width))].join('\n'))
    .join('\n\n');
};

const line = ({ id, sentence, clauses, level }: Check, width: number): string =>
  `  ${id.padEnd(width)}  ${level.padEnd(6)}  ${sentence} [${clauses.join(', ')}]`;
