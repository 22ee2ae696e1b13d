import { describe, expect, it } from 'vitest';
import { HEADER, type Recording, record } from './recorder.js';

const AUTH = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>";
const SHORT = [`open jabber:client`, '<auth', 'open jabber:client', '<iq'];
const restartingAtAuth = (): Recording =>
  record({}, (line, parser) => {
    if (line.startsWith('<auth')) parser.restart();
  });
const short = (lines: readonly string[]): string[] =>
  lines.map((line) => (line.startsWith('<') ? line.slice(0, line.indexOf(' ')) : line));

describe('a restart from inside a callback', () => {
  it.each(['', ' \r\n', "<?xml version='1.0'?>", "\n<?xml version='1.0'?>"])(
    'reads the pipelined header after the element, with %j between',
    (between) => {
      const { parser, lines } = restartingAtAuth();
      parser.write(`${HEADER}${AUTH}${between}${HEADER}<iq id='1'/>`);
      expect(short(lines)).toEqual(SHORT);
    },
  );
  it('reads a header that comes later', () => {
    const { parser, lines } = restartingAtAuth();
    for (const char of `${HEADER}${AUTH}\r\n<?xml version='1.0'?>${HEADER}<iq id='1'/>`) parser.write(char);
    expect(short(lines)).toEqual(SHORT);
  });
  it('accepts only a header', () => {
    const { parser, lines } = restartingAtAuth();
    parser.write(`${HEADER}${AUTH}<iq/>`);
    expect(short(lines)).toEqual(['open jabber:client', '<auth', 'error invalid-namespace']);
  });
  it('forgets the prefixes of the old stream', () => {
    const { parser, lines } = restartingAtAuth();
    parser.write(`${HEADER.replace('xmlns=', "xmlns:old='urn:old' xmlns=")}<old:a/>${AUTH}${HEADER}<old:a/>`);
    expect(lines.at(-1)).toBe('error not-well-formed');
  });
  it('counts the size of the new header from its beginning', () => {
    const { parser, lines } = record({ maxStanzaBytes: 200 }, (line, self) => {
      if (line.startsWith('<auth')) self.restart();
    });
    for (let i = 0; i < 10; i++) parser.write(HEADER + AUTH);
    expect(lines).toHaveLength(20);
  });
});

describe('the limits of a restarted parser', () => {
  const long = `<a>${'x'.repeat(300)}</a>`;
  const small = { maxStanzaBytes: 200 };

  it.each([
    ['stay', 'error policy-violation', undefined],
    ['are those it is given', '<a', { maxStanzaBytes: 400 }],
    ['are the defaults where it is given none', '<a', {}],
    ['are judged anew', 'error policy-violation', { maxStanzaBytes: 100 }],
  ] as const)('%s', (_, last, limits) => {
    const inside = record(small, (line, parser) => {
      if (line.startsWith('<auth')) parser.restart(limits);
    });
    inside.parser.write(HEADER + AUTH + HEADER + long);
    expect(short(inside.lines).at(-1)).toBe(last);
    const between = record(small);
    between.parser.write(HEADER + AUTH);
    between.parser.restart(limits);
    between.parser.write(HEADER + long);
    expect(short(between.lines).at(-1)).toBe(last);
  });
});

describe('a restart between two writes', () => {
  it('is accepted when no element is half read', () => {
    const { parser, lines } = record();
    parser.write(`${HEADER}${AUTH}\n`);
    parser.restart();
    parser.write(`${HEADER}<iq id='1'/>`);
    expect(short(lines)).toEqual(SHORT);
  });
  it('is a violation when an element is half read, because the parser could neither drop nor finish it', () => {
    const { parser, lines } = record();
    parser.write(`${HEADER}${AUTH}<stream:str`);
    parser.restart();
    expect(short(lines)).toEqual(['open jabber:client', '<auth', 'error not-well-formed']);
  });
});
