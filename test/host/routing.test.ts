import { Element } from 'ltx';
import { describe, expect, it } from 'vitest';
import { bind, createDirectory, priorityOf, recordPresence, unbind } from '../../src/host/directory.js';
import { type Jid, parseJid } from '../../src/host/jid.js';
import { type Route, route } from '../../src/host/routing.js';

const BALCONY = 'juliet@capulet.lit/balcony';
const CHAMBER = 'juliet@capulet.lit/chamber';
const OFFLINE: Route = { type: 'offline', account: 'juliet@capulet.lit' };
const UNAVAILABLE: Route = { type: 'bounce', condition: 'service-unavailable' };
const DROP: Route = { type: 'drop' };
const SERVER: Route = { type: 'server' };
const deliver = (...to: string[]): Route => ({ type: 'deliver', to });

const jid = (text: string): Jid => {
  const parsed = parseJid(text);
  if (parsed === undefined) throw new Error(`no JID: ${text}`);
  return parsed;
};

/** Juliet's resources with their priorities; undefined is connected but not available. */
type Online = Readonly<Record<string, number | undefined>>;

const directoryOf = (online: Online) => {
  const directory = createDirectory();
  for (const [full, priority] of Object.entries(online)) {
    bind(directory, jid(full));
    if (priority === undefined) continue;
    const presence = new Element('presence');
    presence.c('priority').t(String(priority));
    recordPresence(directory, jid(full), presence);
  }
  return directory;
};

/** @param content the children: each a name, or a name and a namespace */
const send = (
  name: string,
  type: string | undefined,
  to: string | undefined,
  online: Online = {},
  content: readonly (readonly [string, string?])[] = [],
): Route => {
  const stanza = new Element(name, {
    from: 'romeo@capulet.lit/orchard',
    ...(to !== undefined && { to }),
    ...(type !== undefined && { type }),
  });
  for (const [child, xmlns] of content) stanza.c(child, { xmlns });
  const accounts = { has: (user: string) => user === 'juliet' || user === 'romeo' };
  return route(stanza, { domain: 'capulet.lit', accounts, directory: directoryOf(online) });
};

describe('a message to a full JID (RFC 6121 section 8.5.3)', () => {
  it.each([undefined, 'chat', 'groupchat', 'headline', 'error'])('of type %s goes to that resource alone', (type) => {
    expect(send('message', type, BALCONY, { [BALCONY]: 0, [CHAMBER]: 5 })).toEqual(deliver(BALCONY));
  });

  it('reaches a resource that is connected, or has a negative priority', () => {
    expect(send('message', 'chat', BALCONY, { [BALCONY]: undefined })).toEqual(deliver(BALCONY));
    expect(send('message', 'chat', BALCONY, { [BALCONY]: -1 })).toEqual(deliver(BALCONY));
  });

  it.each([undefined, 'normal', 'chat', 'nonsense'])(
    'of type %s goes to the bare JID when the resource is gone',
    (type) => {
      expect(send('message', type, BALCONY, { [CHAMBER]: 0 })).toEqual(deliver(CHAMBER));
      expect(send('message', type, BALCONY)).toEqual(OFFLINE);
    },
  );

  it.each(['groupchat', 'headline'])('of type %s is returned when the resource is gone', (type) => {
    expect(send('message', type, BALCONY, { [CHAMBER]: 0 })).toEqual(UNAVAILABLE);
  });

  it('of type error is dropped when the resource is gone', () => {
    expect(send('message', 'error', BALCONY, { [CHAMBER]: 0 })).toEqual(DROP);
  });
});

describe('a message to a bare JID (RFC 6121 section 8.5.2)', () => {
  it.each([undefined, 'chat', 'headline'])('of type %s goes to all resources of non-negative priority', (type) => {
    const online = { [BALCONY]: 0, [CHAMBER]: 5, 'juliet@capulet.lit/bot': -1, 'juliet@capulet.lit/mute': undefined };
    expect(send('message', type, 'juliet@capulet.lit', online)).toEqual(deliver(BALCONY, CHAMBER));
  });

  it.each([undefined, 'chat'])('of type %s is stored when there is no such resource', (type) => {
    expect(send('message', type, 'juliet@capulet.lit', { [BALCONY]: -1, [CHAMBER]: undefined })).toEqual(OFFLINE);
  });

  it('of type chat is returned when there is no such resource and the message contains only a chat state (XEP-0160, XEP-0085)', () => {
    const state = ['composing', 'http://jabber.org/protocol/chatstates'] as const;
    const to = (type: string | undefined, ...content: (readonly [string, string?])[]): Route =>
      send('message', type, 'juliet@capulet.lit', {}, content);
    expect(to('chat', state)).toEqual(UNAVAILABLE);
    expect(to('chat', ['thread'], state, ['no-store', 'urn:xmpp:hints'])).toEqual(UNAVAILABLE);
    expect(to('chat', state, ['body'])).toEqual(OFFLINE);
    expect(to('chat', state, ['x', 'urn:example'])).toEqual(OFFLINE);
    expect(to('chat', state, ['store', 'urn:xmpp:hints'])).toEqual(OFFLINE);
    expect(to('chat', ['thread'])).toEqual(OFFLINE);
    expect(to('normal', state)).toEqual(OFFLINE);
    expect(send('message', 'chat', 'juliet@capulet.lit', { [BALCONY]: 0 }, [state])).toEqual(deliver(BALCONY));
  });

  it('of type headline is dropped when there is no such resource', () => {
    expect(send('message', 'headline', 'juliet@capulet.lit')).toEqual(DROP);
  });

  it('of type groupchat is returned, and of type error is dropped, whichever resources are available', () => {
    expect(send('message', 'groupchat', 'juliet@capulet.lit', { [BALCONY]: 0 })).toEqual(UNAVAILABLE);
    expect(send('message', 'error', 'juliet@capulet.lit', { [BALCONY]: 0 })).toEqual(DROP);
  });

  it('without an address is for the sender’s own account (RFC 6120 section 10.3.1)', () => {
    expect(send('message', 'chat', undefined)).toEqual({ type: 'offline', account: 'romeo@capulet.lit' });
  });
});

describe('a stanza to an unknown address', () => {
  it.each(['tybalt@capulet.lit', 'tybalt@capulet.lit/x'])('is returned to its sender when %s has no account', (to) => {
    expect(send('message', 'chat', to)).toEqual(UNAVAILABLE);
    expect(send('iq', 'get', to)).toEqual(UNAVAILABLE);
    expect(send('message', 'error', to)).toEqual(DROP);
    expect(send('iq', 'result', to)).toEqual(DROP);
    expect(send('presence', undefined, to)).toEqual(DROP);
  });

  it('is returned when its address is malformed or in another domain', () => {
    expect(send('message', 'chat', '@capulet.lit')).toEqual({ type: 'bounce', condition: 'jid-malformed' });
    expect(send('iq', 'set', 'a@montague.lit')).toEqual({ type: 'bounce', condition: 'remote-server-not-found' });
    expect(send('iq', 'error', 'a@montague.lit')).toEqual(DROP);
  });
});

describe('an iq', () => {
  it('to a full JID goes to that resource', () => {
    expect(send('iq', 'get', BALCONY, { [BALCONY]: undefined })).toEqual(deliver(BALCONY));
  });

  it('to a resource that is gone is returned when it asks, and dropped when it answers', () => {
    expect(send('iq', 'get', BALCONY, { [CHAMBER]: 0 })).toEqual(UNAVAILABLE);
    expect(send('iq', 'set', BALCONY)).toEqual(UNAVAILABLE);
    expect(send('iq', 'result', BALCONY)).toEqual(DROP);
    expect(send('iq', 'error', BALCONY)).toEqual(DROP);
  });

  it.each([undefined, 'capulet.lit', 'juliet@capulet.lit'])('to %s is answered by the server', (to) => {
    expect(send('iq', 'get', to, { [BALCONY]: 0 })).toEqual(SERVER);
  });
});

describe('presence', () => {
  it('to a bare JID goes to all available resources, whatever their priority', () => {
    const online = { [BALCONY]: -5, [CHAMBER]: 1, 'juliet@capulet.lit/mute': undefined };
    expect(send('presence', undefined, 'juliet@capulet.lit', online)).toEqual(deliver(BALCONY, CHAMBER));
  });

  it('to a full JID goes to that resource, or is dropped', () => {
    expect(send('presence', 'unavailable', BALCONY, { [BALCONY]: 0 })).toEqual(deliver(BALCONY));
    expect(send('presence', undefined, BALCONY, { [CHAMBER]: 0 })).toEqual(DROP);
  });

  it.each(['subscribe', 'unsubscribe', 'probe'])('of type %s is handled by the server', (type) => {
    expect(send('presence', type, 'juliet@capulet.lit', { [BALCONY]: 0 })).toEqual(SERVER);
  });
});

describe('the directory', () => {
  it('forgets a user when the last resource is gone', () => {
    const directory = directoryOf({ [BALCONY]: 0, [CHAMBER]: 0 });
    unbind(directory, jid(BALCONY));
    expect([...directory.accounts.keys()]).toEqual(['juliet@capulet.lit']);
    expect([...directory.ways.keys()]).toEqual([CHAMBER]);
    unbind(directory, jid(CHAMBER));
    unbind(directory, jid(CHAMBER));
    expect(directory.accounts.size + directory.ways.size).toBe(0);
  });

  it('reads a priority that is out of range, or not a number, as 0', () => {
    const priority = (text: string): number => {
      const presence = new Element('presence');
      presence.c('priority').t(text);
      return priorityOf(presence);
    };
    expect(['127', ' -128 ', '+5', '128', '-129', 'high', '1e2', ''].map(priority)).toEqual([
      127, -128, 5, 0, 0, 0, 0, 0,
    ]);
  });
});

describe('a JID', () => {
  it('is compared without regard to case, except its resource', () => {
    expect(parseJid('Juliet@Capulet.LIT./Balcony')).toEqual({
      local: 'juliet',
      domain: 'capulet.lit',
      resource: 'Balcony',
    });
  });

  it('may have @ and / in its resource', () => {
    expect(parseJid('capulet.lit/a@b/c')).toEqual({ domain: 'capulet.lit', resource: 'a@b/c' });
  });

  it.each([
    '',
    '@',
    'a@',
    '@b',
    'b/',
    'a@b/',
    'a b@c',
    'a@b@c',
    'a"@b',
    'b c',
    'a@b/\u0000',
    'a\ud800@b',
    '[x]',
    'a\u00a0b@c',
  ])('%j is not valid', (text) => {
    expect(parseJid(text)).toBeUndefined();
  });

  it('has at most 1023 bytes in each part', () => {
    const longest = 'é'.repeat(511);
    expect(parseJid(`${longest}a@b/${longest}a`)).toBeDefined();
    expect(parseJid(`${longest}é@b`)).toBeUndefined();
    expect(parseJid(`a@b/${longest}é`)).toBeUndefined();
    expect(parseJid('d'.repeat(1024))).toBeUndefined();
  });
});
