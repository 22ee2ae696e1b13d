import { describe, expect, it } from 'vitest';
import { stampText } from '../../src/xml.js';

const FROM = { from: 'example.com', stamp: Date.UTC(2026, 0, 2, 3, 4, 5, 6) };
const STAMP = '<delay xmlns="urn:xmpp:delay" from="example.com" stamp="2026-01-02T03:04:05.006Z"/>';
const message = (xml: string, type = '') => ({ xml, kind: 'message' as const, type });

describe('a stanza of a queue that is written late (XEP-0203)', () => {
  it.each([
    ['<message><body/></message>', `<message><body/>${STAMP}</message>`],
    ['<message/>', `<message>${STAMP}</message>`],
    ["<message id='a/b' />", `<message id='a/b' >${STAMP}</message>`],
    ['<message><body>x</body></message >\n', `<message><body>x</body>${STAMP}</message>`],
    ["<c:message xmlns:c='jabber:client'/>", `<c:message xmlns:c='jabber:client'>${STAMP}</c:message>`],
    ['<message><body>urn:xmpp:delay</body></message>', `<message><body>urn:xmpp:delay</body>${STAMP}</message>`],
  ])('%s gets a stamp behind its content', (xml, stamped) => {
    expect(stampText(message(xml), FROM)).toBe(stamped);
  });
  it.each([
    ['that has a stamp', message("<message><delay xmlns='urn:xmpp:delay' stamp='2020-01-01T00:00:00Z'/></message>")],
    ['that is an iq', { xml: "<iq type='get'/>", kind: 'iq' as const, type: 'get' }],
    ['that is no element', message('hello')],
    ['that is half an element', message('<message><body></body>')],
  ])('text %s stays as it is', (_what, stanza) => {
    expect(stampText(stanza, FROM)).toBe(stanza.xml);
  });
  it('a time that a Date cannot hold changes nothing', () => {
    expect(stampText(message('<message/>'), { stamp: 1e300 })).toBe('<message/>');
  });
  it('a stamp for a room does not name the sender', () => {
    expect(stampText(message('<message/>', 'groupchat'), FROM)).not.toContain('from=');
  });
  it('a sender with special characters is escaped', () => {
    expect(stampText(message('<message/>'), { ...FROM, from: 'a"b' })).toContain('from="a&quot;b"');
  });
});
