import { expect, it } from 'vitest';
import { createSplitter } from './splitter.js';

const HEADER = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' to='localhost'>";
const MESSAGE = "<message to='a@b'><body>hello</body><x/></message>";

it('a splitter gives each child of the stream as a whole, however the text comes', () => {
  const text = `${HEADER}<stream:features/>${MESSAGE} \n<r xmlns='urn:xmpp:sm:3'/></stream:stream>`;
  const expected = [
    { type: 'open' },
    { type: 'element', text: '<stream:features/>' },
    { type: 'element', text: MESSAGE },
    { type: 'element', text: "<r xmlns='urn:xmpp:sm:3'/>" },
    { type: 'close' },
  ];
  expect(createSplitter().push(text)).toEqual(expected);
  const splitter = createSplitter();
  expect([...text].flatMap((letter) => splitter.push(letter))).toEqual(expected);
});

it('a splitter reads the frames of a WebSocket', () => {
  const frames = ["<open xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>", MESSAGE, '<close/>'];
  const splitter = createSplitter();
  expect(frames.flatMap((frame) => splitter.push(frame)).map(({ type }) => type)).toEqual(['open', 'element', 'close']);
});

it('a splitter begins anew with the header of the next stream', () => {
  const splitter = createSplitter();
  splitter.push(`${HEADER}<success/>`);
  expect(splitter.push(`${HEADER}<stream:features/>`).map(({ type }) => type)).toEqual(['open', 'element']);
});
