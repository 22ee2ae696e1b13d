import { describe, expect, it } from 'vitest';
import { isLeft } from '../../src/index.js';
import { parseElement } from '../../src/xml.js';

const parse = (text: string, limits = {}): string => {
  const parsed = parseElement(text, limits);
  return isLeft(parsed) ? parsed.left.condition : parsed.right.toString();
};

describe('one element as text', () => {
  it.each(["<a b='1'><c/>x</a>", " \n<a b='1'><c/>x</a>\r\n"])('is read completely: %j', (text) => {
    expect(parse(text)).toBe('<a b="1"><c/>x</a>');
  });
  it.each([
    ['', 'bad-format'],
    ['<a/><b/>', 'bad-format'],
    ['<a/>x', 'not-well-formed'],
    ['x<a/>', 'bad-format'],
    ['<a>', 'not-well-formed'],
    ["<a b='", 'not-well-formed'],
    ['</a>', 'not-well-formed'],
    ['<stream:error/>', 'not-well-formed'],
    ["<?xml version='1.0'?><a/>", 'not-well-formed'],
    ['<a/><!-- x -->', 'restricted-xml'],
    ['<!DOCTYPE a><a/>', 'restricted-xml'],
    ['\uFEFF<a/>', 'not-well-formed'],
    ['<a/>\uD800', 'not-well-formed'],
  ])('%j is a %s', (text, condition) => {
    expect(parse(text)).toBe(condition);
  });
  it('must be within the limits (S-3)', () => {
    expect(parse('<a><b><c/></b></a>', { maxDepth: 2 })).toBe('policy-violation');
    expect(parse(`<a>${'x'.repeat(100)}</a>`, { maxStanzaBytes: 100 })).toBe('policy-violation');
  });
});
