import { describe, expect, it } from 'vitest';
import { createRandom, seedFrom } from '../../src/testing/random.js';
import { rounds } from '../support/effort.js';
import { HEADER, record } from './recorder.js';

const seed = seedFrom(process.env.SEED);
const STREAM =
  `<?xml version='1.0' encoding='UTF-8'?>\r\n${HEADER}\r\n <message to="a&amp;b" xml:lang='en'><body>caf\u00E9 \u{1F600}` +
  `&#x1F600; ]] &gt;</body><x:y xmlns:x='urn:x' x:z='1'><![CDATA[<raw>]]]]></x:y></message> \r<r xmlns='urn:xmpp:sm:3'/>` +
  `<stream:features/>\n<presence\n/><iq type='get'\tid='1'><query xmlns='jabber:iq:roster'></query ></iq></stream:stream>`;

/** What the parser says when it gets the text cut at these places; with a restart behind <r/> if asked. */
const readCut = (text: string, cuts: readonly number[], options = {}): string[] => {
  const { parser, lines } = record(options);
  let from = 0;
  for (const cut of [...cuts, text.length]) {
    parser.write(text.slice(from, cut));
    from = cut;
  }
  return lines;
};
const everywhere = (text: string): number[] => Array.from({ length: text.length }, (_, i) => i + 1);
const BROKEN = [
  '<a></b>',
  '<a/><!-- x --><b/>',
  '<a>&nbsp;</a>',
  '<a>AT&T</a>;<b/>',
  "<a b='&",
  '<a>\uD83Dx</a>',
  '<a/>\uDE00<b/>',
  'text<a/>',
  ' &#32; <a/>',
  '</stream:stream>\0',
  `<a>${'x'.repeat(500)}</a>`,
  `<a>${'x'.repeat(500)}\0</a>`,
  `<a>${'<b>'.repeat(70)}`,
];

describe('the same stream', () => {
  it('gives the same callbacks when it is cut at any place', () => {
    const whole = readCut(STREAM, []);
    expect(whole).toHaveLength(7);
    for (const cut of everywhere(STREAM)) expect(readCut(STREAM, [cut])).toEqual(whole);
    expect(readCut(STREAM, everywhere(STREAM))).toEqual(whole);
  });
  it.each(BROKEN)('fails in the same way when it is cut at any place: %j', (body) => {
    const text = `${HEADER}<ok/>${body}<late/>`;
    const options = { maxStanzaBytes: 400 };
    const whole = readCut(text, [], options);
    for (const cut of everywhere(text)) expect(readCut(text, [cut], options)).toEqual(whole);
    expect(readCut(text, everywhere(text), options)).toEqual(whole);
  });
});

describe(`a stream with random faults, seed ${seed}`, () => {
  const INSERTS = [
    '<',
    '>',
    '&',
    ';',
    "'",
    '"',
    '/',
    '<!--',
    ']]>',
    '<![CDATA[',
    '<?',
    '<!DOCTYPE',
    '&#',
    ':',
    '=',
    ' ',
  ];
  const MORE = [
    '\0',
    '\r',
    '\uD83D',
    '\uDE00',
    '\uFEFF',
    'xmlns',
    'xmlns:',
    '</',
    '/>',
    '<a>',
    '</a>',
    '&x;',
    '\u0300',
  ];

  it('never throws, gives the same callbacks however it is cut, and ends with at most one last callback', () => {
    const random = createRandom(seed);
    for (let run = 0; run < rounds(3_000); run++) {
      let text = STREAM;
      for (let fault = random.integer(1, 4); fault > 0; fault--) {
        const at = random.integer(0, text.length);
        const gone = random.chance(0.5) ? random.integer(0, 20) : 0;
        text =
          text.slice(0, at) + (random.chance(0.8) ? random.pick([...INSERTS, ...MORE]) : '') + text.slice(at + gone);
      }
      const limited = random.chance(0.3);
      const options = limited ? { maxStanzaBytes: random.integer(100, 300) } : {};
      const whole = readCut(text, [], options);
      const cuts = Array.from({ length: 5 }, () => random.integer(0, text.length)).sort((a, b) => a - b);
      // Of a limit and another fault that are passed in one piece, either may be named.
      const said = (lines: string[]): string[] =>
        limited ? lines.map((line) => line.replace(/^error .*/, 'error')) : lines;
      expect(said(readCut(text, cuts, options)), JSON.stringify({ text, cuts, options })).toEqual(said(whole));
      const last = whole.findIndex((line) => line === 'close' || line.startsWith('error'));
      expect(last === -1 || last === whole.length - 1).toBe(true);
    }
  });
});
