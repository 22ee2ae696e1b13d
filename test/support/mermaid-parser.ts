/** Mermaid's own parser, in Node: it wants a DOM only to sanitize what it would show. */
import DOMPurify from 'dompurify';
import mermaid from 'mermaid';

mermaid.initialize({});
Object.assign(DOMPurify, { addHook: () => {}, sanitize: (text: string) => text });

export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label: string;
}

/** Rejects with Mermaid's message when it is no diagram of any kind. */
export const checkMermaid = (text: string): Promise<unknown> => mermaid.parse(text);

/** The arrows of a state diagram, groups included; rejects with Mermaid's message when it is none. */
export const parseMermaid = (text: string): Promise<readonly Arrow[]> => {
  const known = parsed.get(text) ?? arrowsOf(text);
  parsed.set(text, known);
  return known;
};

/** Mermaid takes a good part of a second for the diagram of a role. */
const parsed = new Map<string, Promise<readonly Arrow[]>>();

const arrowsOf = async (text: string): Promise<readonly Arrow[]> => {
  const { db } = await mermaid.mermaidAPI.getDiagramFromText(text);
  if (!('getRelations' in db) || typeof db.getRelations !== 'function') throw new Error('no state diagram');
  const relations: readonly { id1: string; id2: string; relationTitle?: string }[] = db.getRelations();
  return relations.map(({ id1, id2, relationTitle = '' }) => ({ from: id1, to: id2, label: relationTitle }));
};
