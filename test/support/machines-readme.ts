/** machines/README.md: its diagrams and its lists of clauses and files are generated, its prose is not. */
import { readFileSync } from 'node:fs';
import { clauses } from '../../src/clauses/table.js';
import { mermaid } from '../../src/inspect/mermaid.js';
import { client, server, words } from '../../src/machines.js';

/** The page with everything between `<!-- kind: what -->` and `<!-- end -->` made anew. */
export const machinesReadme = (page: string): string =>
  page.replace(
    /<!-- (diagram|index): (.+?) -->\n[\s\S]*?<!-- end -->/g,
    (_block, kind: string, what: string) =>
      `<!-- ${kind}: ${what} -->\n${kind === 'diagram' ? diagramOf(what) : indexOf(what)}\n<!-- end -->`,
  );

/** `client`, or `client enabled.acking`. */
const diagramOf = (what: string): string => {
  const [role, state] = what.split(' ');
  const text = mermaid(role === 'client' ? client : server, { brief: true, ...(state !== undefined && { state }) });
  if (text === undefined) throw new Error(`There is no state ${what}`);
  return `\`\`\`mermaid\n${text}\`\`\``;
};

/** The clauses that a chart file carries out, by section, and the files of `src/core` where its words are. */
const indexOf = (chapter: string): string => {
  const text = textOf(`machines/${chapter}.ts`);
  const carriedOut = clauses.filter(({ id }) => text.includes(`'${id}'`));
  const sections = [...new Set(carriedOut.map(({ section }) => section))].map((section) => {
    const ids = carriedOut.filter((clause) => clause.section === section).map(({ id }) => id);
    return `${section} (${ids.join(' ')})`;
  });
  const named = [...Object.keys(words.actions), ...Object.keys(words.guards)].filter((word) =>
    text.includes(`'${word}'`),
  );
  const files = [...new Set(named.map(fileOf))].sort().map((file) => `[${file}](../src/core/${file}.ts)`);
  return [`- Clauses: ${sections.join(', ')}`, `- Words: ${files.join(', ')}`].join('\n');
};

/** The file of `src/core` that says what a word does. */
const fileOf = (word: string): string =>
  new RegExp(`^  ${word}: (\\w+)\\.`, 'm').exec(textOf('machines/vocabulary.ts'))?.[1] ?? '';

const textOf = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
