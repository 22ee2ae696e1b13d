import { describe, expect, it } from 'vitest';
import { createLossyLink, createVirtualClock } from '../../src/testing.js';

const listening = () => {
  const heard: string[] = [];
  return { heard, data: (text: string) => void heard.push(text), closed: () => void heard.push('closed') };
};

const link = (latency = () => 10) => {
  const clock = createVirtualClock();
  const [client, server] = [listening(), listening()];
  return { clock, client, server, link: createLossyLink({ clock, latency, client, server }) };
};

describe('a lossy link', () => {
  it('delivers text after a delay, in order, however long each part takes', () => {
    const delays = [50, 10, 0];
    const { clock, server, link: between } = link(() => delays.shift() ?? 0);
    for (const text of ['a', 'b', 'c']) between.client.write(text);
    clock.advance(49);
    expect(server.heard).toEqual([]);
    clock.advance(1);
    expect(server.heard).toEqual(['a', 'b', 'c']);
  });

  it('loses the text that is in transit when it is cut, and tells each end once', () => {
    const { clock, client, server, link: between } = link();
    between.client.write('lost');
    between.cut();
    between.cut();
    clock.advance(100);
    expect([client.heard, server.heard]).toEqual([['closed'], ['closed']]);
    expect(between.open).toBe(false);
  });

  it('cuts after so many characters, inside an element too', () => {
    const { clock, server, link: between } = link();
    between.cutAfter('up', 8);
    between.client.write('<a/>');
    between.client.write('<message/>');
    clock.advance(100);
    expect(server.heard).toEqual(['<a/>', '<mes', 'closed']);
  });

  it('tells neither end when it is half-open, until one end closes', () => {
    const { clock, client, server, link: between } = link();
    between.server.write('under way');
    between.vanish();
    between.client.write('lost');
    clock.advance(60_000);
    expect([client.heard, server.heard]).toEqual([[], []]);
    between.client.destroy();
    clock.advance(60_000);
    expect([client.heard, server.heard]).toEqual([['closed'], []]);
  });

  it('delivers the text that was written before an end, and closes both ends', () => {
    const { clock, client, server, link: between } = link();
    between.client.write('last');
    between.client.end();
    between.client.write('too late');
    clock.advance(100);
    expect([client.heard, server.heard]).toEqual([['closed'], ['last', 'closed']]);
  });

  it('keeps the text that comes while an end is paused', () => {
    const { clock, server, link: between } = link();
    between.server.pause();
    between.client.write('a');
    between.client.write('b');
    clock.advance(100);
    expect(server.heard).toEqual([]);
    between.server.resume();
    expect(server.heard).toEqual(['a', 'b']);
  });

  it('refuses to cut after a negative number of characters', () => {
    expect(() => link().link.cutAfter('up', -1)).toThrow(RangeError);
  });
});
