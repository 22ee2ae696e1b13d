import { describe, expect, it } from 'vitest';
import { createSession } from '../../src/client.js';
import { policy, type State, step, toRecord } from '../../src/index.js';
import { createStreamParser } from '../../src/xml.js';
import { enabledEndpoint, reportsIn } from '../support/endpoint.js';

const XML = `<message><body>${'\u4e2d'.repeat(10)}</body></message>`;
const BYTES = Buffer.byteLength(XML);
const send = (bytes?: number) =>
  ({ type: 'app.send', at: 0, stanza: { xml: XML, kind: 'message', type: '', ...(bytes && { bytes }) } }) as const;

describe('maxQueueBytes counts bytes of UTF-8 (M-10, H14)', () => {
  it('as the stanza says, also after an acknowledgement and a record', () => {
    const endpoint = enabledEndpoint('server', policy({ maxQueueBytes: 2 * BYTES }));
    expect(reportsIn(endpoint.tell(send(BYTES)), 'queuePressure')).toEqual([]);
    expect(endpoint.session.unacked.size).toBe(BYTES);
    expect(reportsIn(endpoint.tell(send(BYTES)), 'queuePressure')).toMatchObject([{ size: 2 * BYTES, full: true }]);
    const { unacked } = JSON.parse(JSON.stringify(toRecord(endpoint.state)));
    expect(unacked).toMatchObject([{ bytes: BYTES }, { bytes: BYTES }]);
  });

  it('and an entry has no size when the text says it, because each character is one byte', () => {
    const endpoint = enabledEndpoint('server', policy());
    const stanza = { xml: '<message/>', kind: 'message', type: '', bytes: 10 } as const;
    const [after] = step(endpoint.state, { type: 'app.send', at: 0, stanza }) as [State, unknown];
    expect(JSON.stringify(after.session.unacked)).not.toContain('bytes');
  });

  it('a size below the length of the text is a misuse', () => {
    const endpoint = enabledEndpoint('server', policy());
    expect(reportsIn(endpoint.tell(send(1)), 'misuse')).toHaveLength(1);
  });

  it.each(['\u00e9', '\u4e2d', '\u{1F9A6}'])('a session counts them itself: %s', (char) => {
    const session = createSession({ onStanza() {}, onReport() {} });
    const xml = `<message><body>${char.repeat(7)}</body></message>`;
    session.send({ xml, kind: 'message', type: '' });
    expect(session.state.session.unacked.size).toBe(Buffer.byteLength(xml));
  });
});

describe('maxStanzaBytes counts bytes of UTF-8 (S-3, H14)', () => {
  const read = (limit: number, pieces: readonly string[]): readonly (number | string)[] => {
    const found: (number | string)[] = [];
    const parser = createStreamParser(
      { maxStanzaBytes: limit },
      {
        streamOpen() {},
        element: (_element, size) => found.push(size),
        streamClose() {},
        violation: ({ condition }) => found.push(condition),
      },
    );
    parser.write("<s:stream xmlns:s='http://etherx.jabber.org/streams' xmlns='jabber:client'>");
    for (const piece of pieces) parser.write(piece);
    return found;
  };
  const text = `<message><body>${'a\u00e9\u4e2d\u{1F9A6}'.repeat(3000)}</body></message>`;
  const size = Buffer.byteLength(text);
  const { length } = text;

  it.each([1, 2, 7, 4096, 100_000])('in pieces of %s characters', (most) => {
    const pieces = [...(text + text).matchAll(new RegExp(`[^]{1,${most}}`, 'g'))].map(([piece]) => piece);
    expect(read(size, pieces)).toEqual([length, length]);
    expect(read(size - 1, pieces)).toEqual(['policy-violation']);
  });

  it('also of an element that never ends, and not of the element before it', () => {
    expect(read(300, [`<message>${'\u4e2d'.repeat(80)}</message><message>`, '\u4e2d'.repeat(90)])).toEqual([99]);
    expect(read(300, [`<message>${'\u4e2d'.repeat(80)}</message><message>`, '\u4e2d'.repeat(98)])).toEqual([
      99,
      'policy-violation',
    ]);
  });
});
