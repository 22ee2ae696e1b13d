import { createStreamParser, type StreamListener, type StreamParser, type StreamParserOptions } from '../../src/xml.js';

export const HEADER =
  "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='example.com' version='1.0'>";

export interface Recording {
  readonly parser: StreamParser;
  /** One line a callback: `open <default namespace>`, the element as text, `close`, `error <condition>`. */
  readonly lines: string[];
}

/** A parser whose callbacks are written down; `after` runs inside each callback, once it is recorded. */
export const record = (
  options: StreamParserOptions = {},
  after: (line: string, parser: StreamParser) => void = () => {},
  create = createStreamParser,
): Recording => {
  const lines: string[] = [];
  const add = (line: string): void => {
    lines.push(line);
    after(line, parser);
  };
  const listener: StreamListener = {
    streamOpen: (_attributes, defaultXmlns) => add(`open ${defaultXmlns}`),
    element: (element) => add(element.toString()),
    streamClose: () => add('close'),
    violation: ({ condition }) => add(`error ${condition}`),
  };
  const parser = create(options, listener);
  return { parser, lines };
};

/** What a parser says to these texts, written one after the other. */
export const read = (...texts: readonly string[]): string[] => {
  const { parser, lines } = record();
  for (const text of texts) parser.write(text);
  return lines;
};

/** What a parser says to this text behind a stream header, the opening itself left out. */
export const readBody = (text: string): string[] => read(HEADER, text).slice(1);
