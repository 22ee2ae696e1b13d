import { Element } from 'ltx';
import { describe, expect, it } from 'vitest';
import { bind, createDirectory, recordPresence, unbind } from '../../src/host/directory.js';
import { type Jid, parseJid } from '../../src/host/jid.js';
import { NO_PRESENCES, presenceSent, resourceGone } from '../../src/host/presence/presence.js';

const BALCONY = 'juliet@capulet.lit/balcony';
const CHAMBER = 'juliet@capulet.lit/chamber';
const ORCHARD = 'romeo@capulet.lit/orchard';

const jid = (text: string): Jid => {
  const parsed = parseJid(text);
  if (parsed === undefined) throw new Error(`no JID: ${text}`);
  return parsed;
};

/** A host of which only presence is there; what it delivers comes back as `reader < from: type`. */
const createHost = (...bound: string[]) => {
  const directory = createDirectory();
  const accounts = { has: (user: string) => user === 'juliet' || user === 'romeo' };
  const table = { domain: 'capulet.lit', accounts, directory };
  let state = NO_PRESENCES;
  for (const full of bound) bind(directory, jid(full));

  const show = ([next, deliveries]: ReturnType<typeof presenceSent>): string[] => {
    state = next;
    return deliveries.map(({ to, stanza }) => {
      const condition = stanza.getChild('error')?.getChildElements()[0]?.getName();
      return `${to} < ${stanza.attrs.from}: ${condition ?? stanza.attrs.type ?? 'available'}`;
    });
  };
  return {
    send(from: string, type?: string, to?: string): string[] {
      const stanza = new Element('presence', { from, ...(type && { type }), ...(to && { to }) });
      const seen = show(presenceSent(state, table, jid(from), stanza));
      recordPresence(directory, jid(from), stanza);
      return seen;
    },
    lose(full: string): string[] {
      const seen = show(resourceGone(state, table, jid(full)));
      unbind(directory, jid(full));
      return seen;
    },
    remembered: () => state.directed.size,
  };
};

describe('broadcast presence (RFC 6121 section 4)', () => {
  it('comes back to the resource that sent it', () => {
    expect(createHost(BALCONY).send(BALCONY)).toEqual([`${BALCONY} < ${BALCONY}: available`]);
  });

  it('shows the user’s other resources to a new resource, and the new resource to the others', () => {
    const host = createHost(BALCONY, CHAMBER);
    host.send(BALCONY);
    expect(host.send(CHAMBER)).toEqual([
      `${CHAMBER} < ${CHAMBER}: available`,
      `${BALCONY} < ${CHAMBER}: available`,
      `${CHAMBER} < ${BALCONY}: available`,
    ]);
  });

  it('shows the other resources once: a later presence does not show them again', () => {
    const host = createHost(BALCONY, CHAMBER);
    host.send(BALCONY);
    host.send(CHAMBER);
    expect(host.send(CHAMBER)).toEqual([`${CHAMBER} < ${CHAMBER}: available`, `${BALCONY} < ${CHAMBER}: available`]);
  });

  it('reaches no resource that has not sent presence, and no other user without a subscription', () => {
    const host = createHost(BALCONY, CHAMBER, ORCHARD);
    host.send(ORCHARD);
    expect(host.send(BALCONY)).toEqual([`${BALCONY} < ${BALCONY}: available`]);
  });

  it('says unavailable for a lost resource, to each contact that saw it available', () => {
    const host = createHost(BALCONY, CHAMBER);
    host.send(BALCONY);
    host.send(CHAMBER);
    expect(host.lose(CHAMBER)).toEqual([`${BALCONY} < ${CHAMBER}: unavailable`]);
  });

  it('does not come for a resource that was never available, or has sent unavailable itself', () => {
    const host = createHost(BALCONY, CHAMBER, ORCHARD);
    host.send(BALCONY);
    host.send(CHAMBER);
    host.send(CHAMBER, 'unavailable');
    expect(host.lose(CHAMBER)).toEqual([]);
    expect(host.lose(ORCHARD)).toEqual([]);
  });
});

describe('a subscription', () => {
  it('is approved at once, and the subscriber gets the current presence', () => {
    const host = createHost(BALCONY, ORCHARD);
    host.send(BALCONY);
    host.send(ORCHARD);
    expect(host.send(ORCHARD, 'subscribe', 'juliet@capulet.lit')).toEqual([
      `${ORCHARD} < juliet@capulet.lit: subscribed`,
      `${ORCHARD} < ${BALCONY}: available`,
    ]);
    expect(host.send(BALCONY)).toContain(`${ORCHARD} < ${BALCONY}: available`);
    expect(host.lose(BALCONY)).toEqual([`${ORCHARD} < ${BALCONY}: unavailable`]);
  });

  it('works in one direction', () => {
    const host = createHost(BALCONY, ORCHARD);
    host.send(BALCONY);
    host.send(ORCHARD, 'subscribe', 'juliet@capulet.lit');
    expect(host.send(ORCHARD)).toEqual([`${ORCHARD} < ${ORCHARD}: available`, `${ORCHARD} < ${BALCONY}: available`]);
  });

  it('ends when one of the two users cancels it', () => {
    for (const end of [
      (host: ReturnType<typeof createHost>) => host.send(ORCHARD, 'unsubscribe', 'juliet@capulet.lit'),
      (host: ReturnType<typeof createHost>) => host.send(BALCONY, 'unsubscribed', 'romeo@capulet.lit'),
    ]) {
      const host = createHost(BALCONY, ORCHARD);
      host.send(BALCONY);
      host.send(ORCHARD);
      host.send(ORCHARD, 'subscribe', 'juliet@capulet.lit');
      expect(end(host)).toEqual([
        `${ORCHARD} < ${BALCONY}: unavailable`,
        `${ORCHARD} < juliet@capulet.lit: unsubscribed`,
      ]);
      expect(host.send(BALCONY)).toEqual([`${BALCONY} < ${BALCONY}: available`]);
    }
  });

  it('to an unknown user is dropped', () => {
    expect(createHost(ORCHARD).send(ORCHARD, 'subscribe', 'tybalt@capulet.lit')).toEqual([]);
  });

  it('allows a probe; a user without a subscription gets no answer to a probe', () => {
    const host = createHost(BALCONY, ORCHARD);
    host.send(BALCONY);
    const refused = [`${ORCHARD} < juliet@capulet.lit: unsubscribed`];
    expect(host.send(ORCHARD, 'probe', 'juliet@capulet.lit')).toEqual(refused);
    host.send(ORCHARD, 'subscribe', 'juliet@capulet.lit');
    expect(host.send(ORCHARD, 'probe', 'juliet@capulet.lit')).toEqual([`${ORCHARD} < ${BALCONY}: available`]);
  });
});

describe('directed presence (RFC 6121 section 4.6)', () => {
  it('reaches the user that it names, and so does one unavailable when the resource ends', () => {
    const host = createHost(BALCONY, ORCHARD);
    expect(host.send(ORCHARD, undefined, BALCONY)).toEqual([`${BALCONY} < ${ORCHARD}: available`]);
    expect(host.lose(ORCHARD)).toEqual([`${BALCONY} < ${ORCHARD}: unavailable`]);
    expect(host.remembered()).toBe(0);
  });

  it('is forgotten when the user sends unavailable to the same address', () => {
    const host = createHost(BALCONY, ORCHARD);
    host.send(ORCHARD, undefined, BALCONY);
    expect(host.send(ORCHARD, 'unavailable', BALCONY)).toEqual([`${BALCONY} < ${ORCHARD}: unavailable`]);
    expect(host.remembered()).toBe(0);
    expect(host.lose(ORCHARD)).toEqual([]);
  });

  it('to more than a hundred addresses is refused, so that memory stays limited', () => {
    const host = createHost(ORCHARD);
    for (let i = 0; i < 100; i++) host.send(ORCHARD, undefined, `juliet@capulet.lit/${i}`);
    expect(host.send(ORCHARD, undefined, BALCONY)).toEqual([`${ORCHARD} < ${BALCONY}: resource-constraint`]);
  });
});

describe('invalid presence', () => {
  it('is answered with an error, unless it is an error itself', () => {
    const host = createHost(ORCHARD);
    expect(host.send(ORCHARD, 'nonsense')).toEqual([`${ORCHARD} < undefined: bad-request`]);
    expect(host.send(ORCHARD, undefined, '@')).toEqual([`${ORCHARD} < @: jid-malformed`]);
    expect(host.send(ORCHARD, undefined, 'x@y')).toEqual([`${ORCHARD} < x@y: remote-server-not-found`]);
    expect(host.send(ORCHARD, 'error', 'x@y')).toEqual([]);
  });
});
