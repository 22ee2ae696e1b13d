import { describe, expect, it } from 'vitest';
import { isRight } from '../../src/index.js';
import { createRandom, seedFrom } from '../../src/testing/random.js';
import { Element, parseElement, print } from '../../src/xml.js';
import { rounds } from '../support/effort.js';

const seed = seedFrom(process.env.SEED);
const random = createRandom(seed);
const CHARACTERS = ['a', 'é', '𝄞', ' ', '&', '<', '>', '"', "'", '\t', '\n', '\r', ']]>', '&amp;'];

const text = (): string => Array.from({ length: random.integer(0, 6) }, () => random.pick(CHARACTERS)).join('');

const element = (depth: number): Element => {
  const made = new Element(random.pick(['message', 'body', 'x:y']), { xmlns: 'jabber:client', 'xmlns:x': 'urn:x' });
  for (let n = random.integer(0, 2); n > 0; n--) made.attrs[`a${n}`] = text();
  for (let n = random.integer(0, 3); n > 0; n--) {
    if (depth > 0 && random.chance(0.5)) made.cnode(element(depth - 1));
    else made.t(text());
  }
  return made;
};

/** What a reader sees: neighbouring pieces of text are one. */
const seen = (read: Element): unknown => [read.name, read.attrs, read.getText(), read.getChildElements().map(seen)];

describe(`an element as text, SEED=${seed}`, () => {
  it('is read back unchanged, with white space in attributes and carriage returns', () => {
    for (let n = rounds(500); n > 0; n--) {
      const made = element(3);
      const readBack = parseElement(print(made));
      expect(isRight(readBack) && seen(readBack.right), print(made)).toEqual(seen(made));
    }
  });

  it('does not contain attributes without a value', () => {
    expect(print(new Element('iq', { id: 'a', to: undefined }))).toBe('<iq id="a"/>');
  });
});
