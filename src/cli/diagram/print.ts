import { mermaid, statesOf } from '../../inspect/mermaid.js';
import { type Chart, client, server } from '../../machines.js';
import { Failure } from '../failure.js';
import type { DiagramFlags } from './options.js';

/** @throws Failure when no chart has the state, or when several states have this name */
export const printDiagrams = (role: Chart['id'] | undefined, { state, all, brief }: DiagramFlags): void => {
  const charts = [client, server].filter(({ id }) => role === undefined || role === id);
  const pages = charts.flatMap((chart) => {
    const path = state === undefined ? undefined : pathOf(chart, state);
    if (state !== undefined && path === undefined) return [];
    const text = mermaid(chart, { all, brief, ...(path !== undefined && { state: path }) }) ?? '';
    return [role === undefined ? `## ${chart.id}\n\n\`\`\`mermaid\n${text}\`\`\`\n` : text];
  });
  if (pages.length === 0) {
    const names = [...new Set(charts.flatMap(statesOf))].join(', ');
    throw new Failure(`--state ${state}: there is no such state. There are ${names}.`, 2);
  }
  process.stdout.write(pages.join('\n'));
};

/** The path of the state with this name or path; undefined when the chart has no such state. */
const pathOf = (chart: Chart, name: string): string | undefined => {
  const paths = statesOf(chart);
  if (paths.includes(name)) return name;
  const [found, ...more] = paths.filter((path) => path.endsWith(`.${name}`));
  if (found === undefined || more.length === 0) return found;
  throw new Failure(`--state ${name}: which of ${[found, ...more].join(', ')} is meant?`, 2);
};
