/** docs/guided-reading.md: its diagrams and lists of words are generated, its prose is not. */
import { readFileSync } from 'node:fs';
import { mermaid } from '../../src/inspect/mermaid.js';
import { actions, client, guards, server } from '../../src/machines.js';

/** The page with everything between `<!-- kind: what -->` and `<!-- end -->` made anew. */
export const guidedReading = (page: string): string =>
  page.replace(
    /<!-- (diagram|words): (.+?) -->\n[\s\S]*?<!-- end -->/g,
    (_block, kind: string, what: string) =>
      `<!-- ${kind}: ${what} -->\n${kind === 'diagram' ? diagramOf(what) : wordsOf(what)}\n<!-- end -->`,
  );

/** `client`, or `client enabled.acking`. */
const diagramOf = (what: string): string => {
  const [role, state] = what.split(' ');
  const text = mermaid(role === 'client' ? client : server, state === undefined ? {} : { state });
  if (text === undefined) throw new Error(`There is no state ${what}`);
  return `\`\`\`mermaid\n${text}\`\`\``;
};

/** The words that a chart file names, by the file of `src/core` that says what they do. */
const wordsOf = (file: string): string => {
  const text = textOf(`machines/${file}.ts`);
  const used = [...Object.keys(actions), ...Object.keys(guards)].filter((word) => text.includes(`'${word}'`));
  const rooms = new Map<string, readonly string[]>();
  for (const word of used) {
    const room = new RegExp(`^  ${word}: (\\w+)\\.`, 'm').exec(textOf('machines/vocabulary.ts'))?.[1] ?? '';
    rooms.set(room, [...(rooms.get(room) ?? []), word]);
  }
  return [...rooms]
    .map(([room, words]) => `- [${room}](../src/core/${room}.ts): ${words.map((word) => `\`${word}\``).join(', ')}`)
    .join('\n');
};

const textOf = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
