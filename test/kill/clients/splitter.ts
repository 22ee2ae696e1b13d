/** Splits the text of a stream into its parts: the opening, whole elements, the closing. It knows as much XML as servers write. */

export type Part =
  | { readonly type: 'open' | 'close' }
  /** A child of the stream's root. */
  | { readonly type: 'element'; readonly text: string };

export interface Splitter {
  /** @returns the parts that are complete now */
  push(text: string): readonly Part[];
}

/** One for each connection and direction. It takes frames of WebSocket (RFC 7395) as well as a stream over TCP. */
export const createSplitter = (): Splitter => {
  let rest = '';
  let read = 0;
  let depth = 0;

  /** Reads the tag that ends before `read`. @returns the part that it completes */
  const take = (tag: string): Part | undefined => {
    if (tag.startsWith('<?')) return drop(undefined);
    if (tag.startsWith('<stream:stream')) return drop({ type: 'open' });
    if (tag.startsWith('</stream:stream')) return drop({ type: 'close' });
    if (tag.startsWith('</')) depth -= 1;
    else if (!tag.endsWith('/>')) depth += 1;
    if (depth > 0) return undefined;
    const text = rest.slice(0, read).trimStart();
    if (text.startsWith('<open')) return drop({ type: 'open' });
    if (text.startsWith('<close')) return drop({ type: 'close' });
    return drop({ type: 'element', text });
  };

  const drop = (part: Part | undefined): Part | undefined => {
    rest = rest.slice(read);
    read = 0;
    depth = 0;
    return part;
  };

  return {
    push(text) {
      rest += text;
      const parts: Part[] = [];
      for (;;) {
        const start = rest.indexOf('<', read);
        const end = start < 0 ? -1 : rest.indexOf('>', start);
        if (end < 0) return parts;
        const tag = rest.slice(start, end + 1);
        read = end + 1;
        const part = take(tag);
        if (part !== undefined) parts.push(part);
      }
    },
  };
};
