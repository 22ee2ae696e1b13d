import { describe, expect, it } from 'vitest';
import { createSession } from '../../src/session/client-session.js';
import { createSessions } from '../../src/session/server-sessions.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { createVirtualClock } from '../../src/testing/virtual-clock.js';
import { element, enabledClient, message, ROMEO, recordingStream } from '../support/session-wire.js';

const handlers = { onStanza() {}, onReport() {} };

/** As a program in JavaScript calls it, which no compiler has read. */
const untyped = <T>(value: T): Record<string, (...given: unknown[]) => unknown> => value as never;

const client = () => untyped(createSession({ clock: createVirtualClock(), ...handlers }));
const server = () => untyped(createSessions({ policy: { resume: false }, ...handlers }).accept());

/** What is called, with what, and which words the error has. */
type Call = readonly [method: string, given: readonly unknown[], ...words: string[]];

const refused = async (target: Record<string, (...given: unknown[]) => unknown>, [method, given, ...words]: Call) => {
  const call = (): unknown => target[method]?.(...given);
  expect(call).toThrow(TypeError);
  for (const word of words) expect(call).toThrow(word);
};

describe('a session names a wrong argument in its error, and changes nothing:', () => {
  const { xml, kind, type } = message('1');
  const calls: readonly Call[] = [
    ['send', [undefined], 'stanza must be', 'undefined'],
    ['send', ['<message/>'], 'stanza must be', '"<message/>"'],
    ['send', [element('<message/>')], 'stanza must be', 'an Element'],
    ['send', [{ kind, type }], 'stanza.xml', 'undefined'],
    ['send', [{ xml: element('<message/>'), kind, type }], 'stanza.xml', 'an Element'],
    ['send', [{ xml: '', kind, type }], 'stanza.xml'],
    ['send', [{ xml, type }], 'stanza.kind', 'undefined'],
    ['send', [{ xml, kind: 'msg', type }], 'stanza.kind', "'message', 'presence' or 'iq'", '"msg"'],
    ['send', [{ xml, kind }], 'stanza.type', 'undefined'],
    ['send', [{ xml, kind, type, key: 7 }], 'stanza.key', '7'],
    ['send', [{ xml, kind, type, mayWait: 'yes' }], 'stanza.mayWait', '"yes"'],
    ['writeUncounted', [element('<auth/>')], 'xml', 'an Element'],
    ['writeUncounted', [''], 'xml'],
    ['authenticated', [], 'owner', 'undefined'],
    ['authenticated', [''], 'owner'],
    ['authenticated', [{ jid: ROMEO }], 'owner', 'an object'],
    ['authenticated', [`${ROMEO}/phone`], 'owner', 'bare JID'],
    ['verified', [ROMEO], 'domain', ROMEO],
    ['verified', [null], 'domain', 'null'],
    ['handled', [0], 'position', '0'],
    ['handled', [1.5], 'position'],
    ['handled', ['1'], 'position', '"1"'],
    ['handled', [Number.NaN], 'position', 'NaN'],
    ['close', ['shutdown'], 'error', 'RFC 6120', '"shutdown"'],
    ['close', [new Error('over')], 'error', 'an object'],
    ['attach', [undefined], 'stream', 'undefined'],
    ['attach', [{ close() {}, destroy() {} }], 'stream.write', 'a function', 'undefined'],
    ['attach', [{ ...recordingStream(), destroy: true }], 'stream.destroy', 'true'],
    ['attach', [{ ...recordingStream(), pause: 1 }], 'stream.pause', '1'],
  ];
  for (const [role, target] of Object.entries({ client, server })) {
    for (const call of calls) {
      it(`${role}: ${call[0]}, ${call.slice(2).join(' ')}`, async () => {
        const session = target();
        const before = session.state;
        await refused(session, call);
        expect(session.state).toBe(before);
      });
    }
  }

  it('client: authenticated and bound, with the fields for SASL2', async () => {
    await refused(client(), ['authenticated', [ROMEO, { resuming: 1 }], 'resuming', '1']);
    await refused(client(), ['bound', [{ enabling: 'yes' }], 'enabling', '"yes"']);
    await refused(client(), ['authenticated', [ROMEO, null], 'carried must be an object, not null']);
    await refused(client(), ['bound', [null], 'carried must be an object, not null']);
    await refused(client(), ['bound', [{ enable: true }], 'a name in carried must be enabling, not "enable"']);
  });
});

describe('a link names a wrong argument in its error:', () => {
  const calls: readonly Call[] = [
    ['receive', ['<message/>'], 'element', 'an Element'],
    ['receive', [undefined], 'element', 'undefined'],
    ['inOrder', [undefined], 'act', 'a function'],
    ['violated', ['not-well-formed'], 'violation', 'a PeerViolation'],
    ['violated', [{ condition: 'not-wellformed', text: '' }], 'violation.condition', '"not-wellformed"'],
    ['violated', [{ condition: 'not-well-formed' }], 'violation.text', 'undefined'],
  ];
  for (const call of calls) {
    it(call.join(' '), async () => {
      const session = createSession({ clock: createVirtualClock(), ...handlers });
      const { link } = enabledClient(session);
      await refused(untyped(link), call);
      expect(session.status).toBe('enabled');
    });
  }
});

describe('a function that creates sessions names a wrong option in its error:', () => {
  const create = { createSession, createSessions };
  const wrong: Readonly<Record<string, unknown>> = {
    options: undefined,
    'options.onStanza': { onReport() {} },
    'options.onReport': { onStanza() {}, onReport: 'log' },
    'options.onTrace': { ...handlers, onTrace: true },
    'options.clock.now': { ...handlers, policy: { resume: false }, clock: {} },
    'a name in options must be policy or ': { ...handlers, foo: 1 },
    'a name in options.reading must be contentNamespace or acceptSm2, not "acceptSM2"': {
      ...handlers,
      policy: { resume: false },
      reading: { acceptSM2: true },
    },
  };
  for (const [name, make] of Object.entries(create)) {
    for (const [option, given] of Object.entries(wrong)) {
      it(`${name}: ${option}`, async () => refused(untyped(create), [name, [given], option]));
    }
    it(`${name}: a field of the policy`, () => {
      expect(() => untyped(create)[name]?.({ ...handlers, policy: { resume: 'no' } })).toThrow('resume');
    });
    it(`${name}: the content namespace`, async () =>
      refused(untyped(create), [
        name,
        [{ ...handlers, policy: { resume: false }, reading: { contentNamespace: 'jabber:clients' } }],
        'options.reading.contentNamespace',
        '"jabber:clients"',
      ]));
    expect(make).toBeTypeOf('function');
  }

  it('createSession: a trace without the function that makes it, or the reverse', async () => {
    const given = { ...handlers, onTrace() {} };
    await refused(untyped(create), ['createSession', [given], 'options.traced', 'a function, not undefined']);
    await refused(untyped(create), ['createSession', [{ ...given, traced: 'traced' }], 'options.traced']);
    await refused(untyped(create), ['createSession', [{ ...handlers, traced() {} }], 'options.onTrace', 'undefined']);
  });

  it('createSessions: a store that is missing, although sessions can be resumed', async () => {
    await refused(untyped(create), ['createSessions', [handlers], 'options.store', 'resume: false']);
    await refused(untyped(create), ['createSessions', [{ ...handlers, store: new Map() }], 'options.store.save']);
  });

  it('createSessions: a source of SM-IDs that is not a function', async () => {
    const store = createMemoryStore();
    await refused(untyped(create), ['createSessions', [{ ...handlers, store, ids: () => '1' }], 'options.ids']);
  });
});
