import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PeerViolation, Refusal, StanzaErrorCondition } from '../../src/core/failures.js';
import { type Nonza, SM_2, SM_3 } from '../../src/core/nonzas.js';
import { uint32 } from '../../src/core/uint32.js';
import { isLeft } from '../../src/index.js';
import { seedFrom } from '../../src/testing/random.js';
import { decodeNonza, Element, encodeNonza, MAX_SECONDS, parseElement } from '../../src/xml.js';

const seed = seedFrom(process.env.SEED);

const decodeText = (text: string): Nonza | PeerViolation | Refusal => {
  const element = parseElement(text);
  if (isLeft(element)) throw new Error(element.left.text);
  const decoded = decodeNonza(element.right);
  return isLeft(decoded) ? decoded.left : decoded.right.nonza;
};
const sm = (name: string, attributes = ''): string => `<${name} xmlns='${SM_3}' ${attributes}/>`;
const failed = (content: string, attributes = ''): string =>
  `<failed xmlns='${SM_3}' ${attributes}>${content}</failed>`;
const STANZAS = 'urn:ietf:params:xml:ns:xmpp-stanzas';

const badRequest = { kind: 'refusal', condition: 'bad-request' };
/** Everything in the lexical space of nothing: no unsignedInt looks like these. */
const BAD_H = [
  '',
  ' ',
  '-1',
  '+1',
  '0x1',
  '1e3',
  '1.0',
  '1 2',
  'abc',
  '4294967296',
  '99999999999999999999999',
  '\u0661',
];

describe('h of an answer', () => {
  it.each(['0', '4294967295', ' 7 ', '007'])("is read when it is an unsignedInt: '%s' (A-7)", (h) => {
    expect(decodeText(sm('a', `h='${h}'`))).toEqual({ name: 'a', h: Number(h) });
  });
  it.each(BAD_H)("is absent when its text is '%s' (A-7)", (h) => {
    expect(decodeText(sm('a', `h='${h}'`))).toEqual({ name: 'a' });
  });
  it('is absent when it is missing (A-7)', () => {
    expect(decodeText(sm('a'))).toEqual({ name: 'a' });
  });
});

describe('<enable/>', () => {
  it.each([
    ["resume='true'", true],
    ["resume='1'", true],
    ["resume=' \t1 '", true],
    ["resume='false'", false],
    ["resume='0'", false],
    ['', false],
  ])('reads %s as an xs:boolean (E-10, server class 22)', (attributes, resume) => {
    expect(decodeText(sm('enable', attributes))).toEqual({ name: 'enable', resume });
  });
  it.each(['yes', 'TRUE', '', 'tr ue', '2', '\u00A0true'])("is refused when resume is '%s' (E-10)", (resume) => {
    expect(decodeText(sm('enable', `resume='${resume}'`))).toMatchObject(badRequest);
  });
  it.each([
    ['60', 60],
    [' +060 ', 60],
    ['2147483648', MAX_SECONDS],
    ['9'.repeat(5000), MAX_SECONDS],
  ])('reads a positive max, never above MAX_SECONDS (E-12)', (max, seconds) => {
    expect(decodeText(sm('enable', `max='${max}'`))).toEqual({ name: 'enable', resume: false, max: seconds });
  });
  it.each(['0', '000', '-5', '1.5', '', ' ', '1e3', 'Infinity', '0x10'])(
    "is refused when max is '%s' (E-12)",
    (max) => {
      expect(decodeText(sm('enable', `max='${max}'`))).toMatchObject(badRequest);
    },
  );
});

describe('a request with several wrong attributes', () => {
  it.each([
    [sm('enable', "resume='yes' max='0'"), 'resume must be a boolean; max must be a positive integer'],
    [sm('enable', "resume='yes' max='60'"), 'resume must be a boolean'],
    [sm('enable', "resume='1' max='-1'"), 'max must be a positive integer'],
    [sm('resume'), 'previd must be an SM-ID; h must be an unsignedInt'],
    [sm('resume', "previd='x' h='-1'"), 'h must be an unsignedInt'],
    [sm('resume', "h='1'"), 'previd must be an SM-ID'],
  ])('is refused with a text that names each of them: %s (E-10, E-12, R-5)', (request, text) => {
    expect(decodeText(request)).toEqual({ ...badRequest, text });
  });

  const value = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constantFrom(null, undefined));
  const attributes = fc.dictionary(fc.constantFrom('resume', 'max', 'previd', 'h', 'id', 'other'), value);
  it(`gives a refusal and never throws, whatever a program put into the element, SEED=${seed}`, () => {
    fc.assert(
      fc.property(fc.constantFrom('enable', 'resume'), attributes, (name, attrs) => {
        const element = new Element(name, { xmlns: SM_3 });
        Object.assign(element.attrs, attrs);
        const decoded = decodeNonza(element);
        if (isLeft(decoded)) expect(decoded.left).toMatchObject(badRequest);
      }),
      { seed, numRuns: 1_000 },
    );
  });
});

describe('<enabled/>', () => {
  it('carries the id, max and location of a session that can be resumed (E-5, E-6, E-7)', () => {
    const text = sm('enabled', "resume='1' id='abc' max='300' location='[2001:db8::1]:5222'");
    const enabled = { name: 'enabled', resume: true, id: 'abc', max: 300, location: '[2001:db8::1]:5222' };
    expect(decodeText(text)).toEqual(enabled);
  });
  it.each([
    ['has no id', "resume='true'"],
    ['has an empty id', "resume='true' id=''"],
    ['has an id of more than 4000 bytes', `resume='true' id='${'\u00E9'.repeat(2001)}'`],
    ['has a resume that is no boolean', "resume='yes' id='abc'"],
    ['does not grant resumption', "id='abc'"],
  ])('is not resumable when it %s (E-5, R-2, client class N)', (_why, attributes) => {
    expect(decodeText(sm('enabled', attributes))).toEqual({ name: 'enabled', resume: false });
  });
  it('accepts an id of 4000 bytes (R-2)', () => {
    expect(decodeText(sm('enabled', `resume='true' id='${'\u00E9'.repeat(2000)}'`))).toMatchObject({ resume: true });
  });
  it.each(['0', '-1', 'abc', ''])("ignores a max of '%s' (E-12)", (max) => {
    expect(decodeText(sm('enabled', `max='${max}'`))).toEqual({ name: 'enabled', resume: false });
  });
});

describe('<resume/> and <resumed/>', () => {
  it('without a previd are refused, or read without it', () => {
    expect(decodeText(sm('resume', "h='1'"))).toMatchObject(badRequest);
    expect(decodeText(sm('resumed', "h='1'"))).toEqual({ name: 'resumed', previd: '', h: 1 });
  });
  it('with an empty previd are read: only the store knows SM-IDs (R-7, H13)', () => {
    expect(decodeText(sm('resume', "h='1' previd=''"))).toEqual({ name: 'resume', previd: '', h: 1 });
    expect(decodeText(sm('resumed', "h='1' previd=''"))).toEqual({ name: 'resumed', previd: '', h: 1 });
  });
  it.each(['', ...BAD_H.map((h) => `h='${h}'`)])(
    'are refused, or read without it, when h is no unsignedInt: %s (R-5)',
    (h) => {
      expect(decodeText(sm('resume', `previd='x' ${h}`))).toMatchObject(badRequest);
      expect(decodeText(sm('resumed', `previd='x' ${h}`))).toEqual({ name: 'resumed', previd: 'x' });
    },
  );
  it('keep any previd unchanged, also one that no server would make (R-2)', () => {
    const previd = `../ ${'x'.repeat(5000)}`;
    expect(decodeText(sm('resume', `previd='${previd}' h='1'`))).toEqual({ name: 'resume', previd, h: 1 });
  });
});

describe('<failed/>', () => {
  const condition = `<item-not-found xmlns='${STANZAS}'/>`;
  it('carries its condition, h and text (X-1, R-8)', () => {
    const text = failed(`${condition}<text xmlns='${STANZAS}'>gone</text>`, "h='5'");
    expect(decodeText(text)).toEqual({ name: 'failed', condition: 'item-not-found', h: 5, text: 'gone' });
  });
  it('is read with its condition nested in an <error/> (server class 20)', () => {
    const nested = failed(`<error type='cancel'>${condition}<text xmlns='${STANZAS}'>gone</text></error>`);
    expect(decodeText(nested)).toEqual({ name: 'failed', condition: 'item-not-found', text: 'gone' });
  });
  it.each([
    ['empty', ''],
    ['unknown', `<no-such-thing xmlns='${STANZAS}'/>`],
    ['in another namespace', '<item-not-found/>'],
    ['a stream error', "<conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"],
    ['named like a property of every object', `<constructor xmlns='${STANZAS}'/>`],
  ])('has no condition when the condition is %s', (_what, content) => {
    expect(decodeText(failed(content))).toEqual({ name: 'failed' });
  });
  it.each(BAD_H)("has no h when the h is '%s'", (h) => {
    expect(decodeText(failed(condition, `h='${h}'`))).toEqual({ name: 'failed', condition: 'item-not-found' });
  });
});

describe('an unknown element', () => {
  it.each(['foo', 'constructor', '__proto__', 'A'])('<%s/> of stream management is refused (X-2)', (name) => {
    expect(decodeText(sm(name))).toMatchObject({ kind: 'refusal', condition: 'unexpected-request' });
  });
  it('of another namespace is refused (X-2)', () => {
    expect(decodeText("<r xmlns='urn:xmpp:sm:4'/>")).toMatchObject({
      kind: 'refusal',
      condition: 'unexpected-request',
    });
  });
});

describe('writing', () => {
  it.each<[Nonza, string]>([
    [{ name: 'r' }, `<r xmlns='${SM_3}'/>`],
    [{ name: 'a', h: uint32(-1) }, `<a xmlns='${SM_3}' h='4294967295'/>`],
    [{ name: 'enable', resume: true }, `<enable xmlns='${SM_3}' resume='true'/>`],
    [{ name: 'enable', resume: false }, `<enable xmlns='${SM_3}'/>`],
    [{ name: 'failed' }, `<failed xmlns='${SM_3}'><undefined-condition xmlns='${STANZAS}'/></failed>`],
  ])('is strict: %o (E-10, X-1)', (nonza, text) => {
    expect(encodeNonza(nonza, SM_3)).toBe(text);
  });
  it('writes the namespace that it is given', () => {
    expect(encodeNonza({ name: 'r' }, SM_2)).toBe(`<r xmlns='${SM_2}'/>`);
  });
  it('replaces characters that XML cannot contain', () => {
    const text = encodeNonza({ name: 'resume', previd: '\0\uD800<&\'"\uFFFF', h: uint32(0) }, SM_3);
    expect(decodeText(text)).toEqual({ name: 'resume', previd: '\uFFFD\uFFFD<&\'"\uFFFD', h: 0 });
  });

  it(`is read back as it was, seed ${seed}`, () => {
    fc.assert(
      fc.property(nonzas, fc.constantFrom<typeof SM_3 | typeof SM_2>(SM_3, SM_2), (nonza, xmlns) => {
        const element = parseElement(encodeNonza(nonza, xmlns));
        if (isLeft(element)) throw new Error(element.left.text);
        expect(decodeNonza(element.right)).toEqual({ _tag: 'Right', right: { nonza, xmlns } });
      }),
      { seed, numRuns: 500 },
    );
  });
});

const h = fc.integer({ min: 0, max: 0xffffffff }).map(uint32);
/** Whatever XML can hold, white space of every kind included. */
const text = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 50 })
  .map((chars) => `${chars.replace(/(?![\t\n\r])\p{Cc}|[\uFFFE\uFFFF]/gu, '-')}\r\n\t<&>'"`);
const seconds = fc.integer({ min: 1, max: MAX_SECONDS });
const condition = fc.constantFrom<StanzaErrorCondition>('bad-request', 'item-not-found', 'unexpected-request');
const named = <Name extends Nonza['name']>(name: Name) => fc.constant(name);
const nonzas: fc.Arbitrary<Nonza> = fc.oneof(
  fc.record({ name: named('r') }),
  fc.record({ name: named('a'), h }),
  fc.record({ name: named('enable'), resume: fc.boolean(), max: seconds }, { requiredKeys: ['name', 'resume'] }),
  fc.record({ name: named('enabled'), resume: fc.constant(false), max: seconds, location: text }),
  fc.record(
    { name: named('enabled'), resume: fc.constant(true), id: text, max: seconds, location: text },
    { requiredKeys: ['name', 'resume', 'id'] },
  ),
  fc.record({ name: named('resume'), previd: text, h }),
  fc.record({ name: named('resumed'), previd: text, h }),
  fc.record({ name: named('failed'), condition, h, text }, { requiredKeys: ['name', 'condition'] }),
);
