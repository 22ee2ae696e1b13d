/** Incoming XML as plain data. The check has its own XML reader, so that the reader shares no fault with the rest of the project. */
import { SaxesParser } from 'saxes';

export interface Element {
  /** The local name, without prefix. */
  readonly name: string;
  readonly ns: string;
  readonly attrs: Readonly<Record<string, string>>;
  readonly children: readonly Element[];
  /** The text of the element, without the text of its children. */
  readonly text: string;
}

export interface ReaderListener {
  /** Called for `<stream:stream>`. */
  header(attrs: Readonly<Record<string, string>>): void;
  /** Called for a child of the root, or the root of a WebSocket message; `raw` is the received text. */
  element(element: Element, raw: string): void;
  /** Called for `</stream:stream>`. */
  footer(): void;
  /** Called with the text after the end that `finish` has set; the text belongs to the next document. */
  rest(text: string): void;
  /** Called when the input is not well-formed; the reader then stops. `raw` is the unread text. */
  fault(reason: string, raw: string): void;
}

export interface Reader {
  write(text: string): void;
  /** Ends the document after the element that the listener handles now. */
  finish(): void;
}

/** Reads one XML document. @param depth the depth of elements: 1 in a stream, 0 when each message is a document */
export const createReader = (depth: 0 | 1, listener: ReaderListener): Reader => {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const open: Writable[] = [];
  let unread = '';
  let taken = 0;
  let over = false;
  let finished = false;

  const takeRaw = (): string => {
    const raw = unread.slice(0, parser.position - taken);
    unread = unread.slice(raw.length);
    taken = parser.position;
    return raw;
  };

  parser.on('error', (error) => {
    if (!over) listener.fault(error.message, unread);
    over = true;
  });
  parser.on('opentag', ({ local, uri, attributes, isSelfClosing }) => {
    const attrs = Object.fromEntries(Object.values(attributes).map(({ name, value }) => [name, value]));
    open.push({ name: local, ns: uri, attrs, children: [], text: '' });
    if (depth === 1 && open.length === 1 && !isSelfClosing) {
      takeRaw();
      listener.header(attrs);
    }
  });
  parser.on('text', (text) => {
    const current = open.at(-1);
    if (current !== undefined && open.length > depth) current.text += text;
  });
  parser.on('closetag', () => {
    const element = open.pop();
    if (element === undefined || over) return;
    if (open.length > depth) open.at(-1)?.children.push(element);
    else if (open.length === depth) listener.element(element, takeRaw().trim());
    else listener.footer();
  });

  return {
    write(text) {
      if (over) return;
      unread += text;
      parser.write(text);
      if (finished && unread.trim() !== '') listener.rest(unread.trimStart());
    },
    finish() {
      over = true;
      finished = true;
    },
  };
};

interface Writable extends Element {
  readonly children: Element[];
  text: string;
}

export const childOf = (element: Element | undefined, name: string, ns?: string): Element | undefined =>
  element?.children.find((child) => child.name === name && (ns === undefined || child.ns === ns));

/** Escapes text for attribute values and character data. */
export const escapeXml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll("'", '&apos;')
    .replaceAll('"', '&quot;');
