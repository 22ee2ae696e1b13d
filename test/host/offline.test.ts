import { Element } from 'ltx';
import { describe, expect, it } from 'vitest';
import { createOfflineStorage } from '../../src/host/offline.js';

const message = (body: string): Element => {
  const element = new Element('message', { type: 'chat' });
  element.c('body').t(body);
  return element;
};

describe('offline storage', () => {
  it('delivers each message once, in the order of arrival', () => {
    const storage = createOfflineStorage();
    const messages = [message('one'), message('two')];
    for (const each of messages) storage.store('juliet@capulet.lit', each);
    expect(storage.take('juliet@capulet.lit').map(String)).toEqual(messages.map(String));
    expect(storage.take('juliet@capulet.lit')).toEqual([]);
  });

  it('keeps a message unchanged, with its addresses and namespaces, also a long message', () => {
    const storage = createOfflineStorage({ maxBytes: 10_000_000 });
    const element = message('>'.repeat(300_000));
    element.attrs.from = 'romeo@montague.lit/a';
    for (let count = 0; count < 20_000; count++) element.c('x', { xmlns: 'urn:x' });
    const text = element.toString();
    storage.store('juliet@capulet.lit', element);
    element.attrs.to = 'changed';
    expect(storage.take('juliet@capulet.lit').map(String)).toEqual([text]);
  });

  it('keeps the messages of each account separate', () => {
    const storage = createOfflineStorage();
    storage.store('juliet@capulet.lit', message('one'));
    expect(storage.take('romeo@montague.lit')).toEqual([]);
  });

  it('refuses the message after the hundredth, keeps the others, and accepts messages again after a delivery', () => {
    const storage = createOfflineStorage();
    const stored = Array.from({ length: 101 }, (_, i) => storage.store('juliet@capulet.lit', message(`${i}`)));
    expect(stored.filter(Boolean)).toHaveLength(100);
    expect(stored.at(-1)).toBe(false);
    expect(storage.store('romeo@montague.lit', message('x'))).toBe(true);
    expect(storage.take('juliet@capulet.lit')).toHaveLength(100);
    expect(storage.store('juliet@capulet.lit', message('x'))).toBe(true);
  });

  it('counts bytes of UTF-8, and accepts a smaller message after it refused a large one', () => {
    const empty = Buffer.byteLength(message('').toString());
    const storage = createOfflineStorage({ maxBytes: 2 * empty + 130 });
    expect(storage.store('a@b', message('é'.repeat(60)))).toBe(true);
    expect(storage.store('a@b', message('é'.repeat(60)))).toBe(false);
    expect(storage.store('a@b', message('small'))).toBe(true);
  });
});
