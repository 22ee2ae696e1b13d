/** Explorations for people. */
import type { Budget, Exploration } from '../../src/testing.js';
import type { Family } from './families.js';

export const listOf = (families: readonly Family[]): string =>
  families.map(({ name, description }) => `  ${name.padEnd(12)} ${description}`).join('\n');

export const boundsText = (bounds: Partial<Budget>): string =>
  Object.entries(bounds)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`)
    .join(', ');

export const verdictOf = ({ states, moves, depth, rests, isWhole, fault }: Exploration, seconds: number): string => {
  const walk = `${count(states)} states, ${count(moves)} moves, ${depth} deep, ${count(rests)} at rest, ${seconds.toFixed(1)} s`;
  if (fault !== null) return `${walk}\n   FAULT (rule ${fault.rule}): ${fault.says}\n${fault.history.join('\n')}`;
  return isWhole ? `${walk}: no fault` : `${walk}: stopped before the end`;
};

export const count = (n: number): string => n.toLocaleString('en-US');
