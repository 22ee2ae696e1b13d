import { describe, expect, it } from 'vitest';
import { HEADER, type Recording, record } from './recorder.js';

const LIMIT = 262144;
const open = (options = {}): Recording => {
  const recording = record(options);
  recording.parser.write(HEADER);
  recording.lines.length = 0;
  return recording;
};
/** How much of `text` is written, in pieces, until the parser speaks. */
const writtenUntilViolation = (recording: Recording, text: string, piece = 1000): number => {
  for (let at = 0; at < text.length; at += piece) {
    recording.parser.write(text.slice(at, at + piece));
    if (recording.lines.length > 0) return at + piece;
  }
  return Number.POSITIVE_INFINITY;
};

describe('the limits of a stream (S-2, S-3)', () => {
  it('fail 10,000 nested elements at the 65th', () => {
    const recording = open();
    expect(writtenUntilViolation(recording, '<a>'.repeat(10_000), 3)).toBe(65 * 3);
    expect(recording.lines).toEqual(['error policy-violation']);
  });
  it('fail nested elements at their names, before their tags end', () => {
    const { parser, lines } = open({ maxDepth: 2 });
    parser.write('<a><b><c ');
    expect(lines).toEqual(['error policy-violation']);
  });
  it('allow 64 levels', () => {
    const { parser, lines } = open();
    parser.write('<a>'.repeat(64) + '</a>'.repeat(64));
    expect(lines[0]).toMatch(/^<a /);
  });
  it.each([
    ['a 20 MB attribute', `<a b='${'x'.repeat(20_000_000)}`],
    ['a 1 MB attribute', `<a b='${'x'.repeat(1_000_000)}'/>`],
    ['a 20 MB text', `<a>${'x'.repeat(20_000_000)}</a>`],
    ['a 1 MB name', `<${'x'.repeat(1_000_000)}/>`],
    ['1 MB of CDATA', `<a><![CDATA[${'x'.repeat(1_000_000)}]]></a>`],
    ['1 MB of a comment', `<!--${'x'.repeat(1_000_000)}`],
    ['1 MB of a processing instruction', `<?${'x'.repeat(1_000_000)}`],
    ['1 MB of an entity name', `<a>&${'x'.repeat(1_000_000)}`],
    ['1 MB of a close tag', `<a></${'x'.repeat(1_000_000)}`],
    ['1 MB of text between elements', 'x'.repeat(1_000_000)],
  ])('fail %s at the first character over the limit', (_what, text) => {
    const recording = open();
    const written = writtenUntilViolation(recording, text);
    expect(written).toBeGreaterThan(LIMIT);
    expect(written).toBeLessThanOrEqual(LIMIT + 1000);
    expect(recording.lines).toEqual(['error policy-violation']);
  });
  it('fail a stanza of 20 MB in small elements at the limit', () => {
    const recording = open({ maxElements: 10_000_000 });
    const written = writtenUntilViolation(recording, `<a>${'<b/>'.repeat(5_000_000)}</a>`);
    expect(written).toBeGreaterThan(LIMIT);
    expect(written).toBeLessThanOrEqual(LIMIT + 1000);
    expect(recording.lines).toEqual(['error policy-violation']);
  });
  it('fail the 10,001st element of a stanza, before its tag ends', () => {
    const { parser, lines } = open();
    parser.write(`<a>${'<b/>'.repeat(9_999)}</a>`);
    expect(lines).toHaveLength(1);
    parser.write(`<a>${'<b><c/></b>'.repeat(5_000)}`);
    expect(lines.slice(1)).toEqual(['error policy-violation']);
    const other = open({ maxElements: 3 });
    other.parser.write('<a><b/><b/><c ');
    expect(other.lines).toEqual(['error policy-violation']);
  });
  it('count the elements of each stanza separately', () => {
    const { parser, lines } = open({ maxElements: 3 });
    parser.write('<a><b/><b/></a>'.repeat(100));
    expect(lines).toHaveLength(100);
  });
  it('fail a 20 MB stanza in a single write at the limit too', () => {
    const { parser, lines } = open({ maxElements: 10_000_000 });
    const before = process.memoryUsage().heapUsed;
    parser.write(`<a>${'<b/>'.repeat(5_000_000)}</a>`);
    expect(lines).toEqual(['error policy-violation']);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(120_000_000);
  });
  it('fail a document type that is too long before the header', () => {
    const recording = record();
    expect(writtenUntilViolation(recording, `<!DOCTYPE ${'x'.repeat(1_000_000)}`)).toBeLessThanOrEqual(LIMIT + 1000);
    expect(recording.lines).toEqual(['error policy-violation']);
  });
  it.each([
    ['text', '<a>'],
    ['an attribute', "<a b='"],
    ['a name', '<'],
    ['a reference', '<a>&'],
    ['a reference in an attribute', "<a b='&"],
    ['CDATA', '<a><![CDATA['],
    ['text between elements', ''],
  ])('need no more time for %s when it comes one unit at a time', (_what, beginning) => {
    const recording = open();
    recording.parser.write(beginning);
    // Work that grows with the square of the length would take minutes.
    expect(writtenUntilViolation(recording, 'x'.repeat(LIMIT + 1), 1)).toBeLessThanOrEqual(LIMIT + 1);
  });
  it('fail a stream header that is too long', () => {
    const recording = record();
    const written = writtenUntilViolation(recording, HEADER.replace('to=', `x='${'x'.repeat(1_000_000)}' to=`));
    expect(written).toBeLessThanOrEqual(LIMIT + 1000);
    expect(recording.lines).toEqual(['error policy-violation']);
  });
  it('allow an element of exactly the greatest size, and no longer one', () => {
    const exact = open({ maxStanzaBytes: 20_000 });
    exact.parser.write(` <a>${'x'.repeat(19_993)}</a> <b/>`);
    expect(exact.lines).toHaveLength(2);
    const longer = open({ maxStanzaBytes: 20_000 });
    longer.parser.write(` <a>${'x'.repeat(19_994)}</a> <b/>`);
    expect(longer.lines).toEqual(['error policy-violation']);
  });
  it('count each element separately', () => {
    const { parser, lines } = open({ maxStanzaBytes: 1000 });
    for (let i = 0; i < 100; i++) parser.write('<a>xxxxxxxxxxxxxxxxxxxxxxxx</a>');
    expect(lines).toHaveLength(100);
  });
  it('fail the 65th attribute, before the tag ends', () => {
    const attributes = (count: number): string => Array.from({ length: count }, (_, i) => `a${i}='x'`).join(' ');
    const { parser, lines } = open();
    parser.write(`<a ${attributes(64)}/>`);
    expect(lines).toHaveLength(1);
    parser.write(`<a ${attributes(65)} `);
    expect(lines.slice(1)).toEqual(['error policy-violation']);
  });
  it('do not count the white space that keeps a connection alive', () => {
    const { parser, lines } = open({ maxStanzaBytes: 1000 });
    for (let i = 0; i < 10_000; i++) parser.write(' ');
    parser.write(`${'\n'.repeat(50_000)}<a/>`);
    expect(lines).toEqual(['<a xmlns="jabber:client"/>']);
  });
  it('change on the same stream when they are set, also for an element that is being read', () => {
    const { parser, lines } = open({ maxStanzaBytes: 400, maxElements: 2 });
    parser.write(`<a>${'x'.repeat(50)}`);
    parser.setLimits({});
    parser.write(`${'x'.repeat(1000)}<b/><b/></a>`);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^<a /);
    parser.setLimits({ maxElements: 2 });
    parser.write('<a><b/><b/></a>');
    expect(lines[1]).toBe('error policy-violation');
  });
});
