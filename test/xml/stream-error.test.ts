import { describe, expect, it } from 'vitest';
import { peerViolation } from '../../src/core/failures.js';
import { uint32 } from '../../src/core/uint32.js';
import { isLeft } from '../../src/index.js';
import { parseElement } from '../../src/xml/parse-element.js';
import { decodeStreamError, encodeStreamError } from '../../src/xml.js';

const STREAMS = 'urn:ietf:params:xml:ns:xmpp-streams';
const condition = (content: string): string => {
  const text = `<stream:error xmlns:stream='http://etherx.jabber.org/streams'>${content}</stream:error>`;
  const element = parseElement(text);
  if (isLeft(element)) throw new Error(element.left.text);
  return decodeStreamError(element.right);
};

describe('a stream error', () => {
  it('contains its condition and its text', () => {
    expect(encodeStreamError(peerViolation('invalid-xml', 'no <h>'))).toBe(
      `<stream:error><invalid-xml xmlns='${STREAMS}'/>` +
        `<text xmlns='${STREAMS}' xml:lang='en'>no &lt;h&gt;</text></stream:error>`,
    );
  });
  it('contains handled-count-too-high after undefined-condition (A-8)', () => {
    const handledCountTooHigh = { h: uint32(10), sendCount: uint32(8) };
    expect(encodeStreamError({ ...peerViolation('undefined-condition', ''), handledCountTooHigh })).toBe(
      `<stream:error><undefined-condition xmlns='${STREAMS}'/>` +
        "<handled-count-too-high xmlns='urn:xmpp:sm:3' h='10' send-count='8'/></stream:error>",
    );
  });
  it('is read with the condition that it contains', () => {
    expect(condition(`<text xmlns='${STREAMS}'>bye</text><conflict xmlns='${STREAMS}'/>`)).toBe('conflict');
  });
  it.each(['', '<conflict/>', `<no-such-thing xmlns='${STREAMS}'/>`])(
    'without a known condition is an undefined-condition: %s',
    (content) => {
      expect(condition(content)).toBe('undefined-condition');
    },
  );
});
