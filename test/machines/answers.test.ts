/**
 * What a session answers in every state to every event that its guards tell apart: answers.txt, one line for each answer, is
 * read by people when it changes. `UPDATE_ANSWERS=1 npm test -- test/machines/answers.test.ts` makes it anew.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type Entry,
  open,
  type PolicyChanges,
  policy,
  type Role,
  SM_3,
  type SmEvent,
  step,
  toArray,
  type Unacked,
  uint32,
} from '../../src/index.js';
import { type Endpoint, endpointOf } from '../support/endpoint.js';
import { eventsIn } from '../support/model-events.js';
import { uptoEnabled } from '../support/random-events.js';

const FILE = 'test/machines/answers.txt';
const OWNER = 'user@example.net';

/** Two stanzas fill the queue. */
const limits = { maxQueueStanzas: 2, location: 'away.example:5222' };

type Way = (endpoint: Endpoint) => void;

const enabled: Way = ({ state, tell }) => {
  for (const event of uptoEnabled[state.role]) tell(event);
};
const back: Way = (endpoint) => {
  enabled(endpoint);
  endpoint.send('a');
  endpoint.cut();
  endpoint.tell({ type: 'link.opened', epoch: 2 });
};
const bound: Way = ({ tell }) => {
  tell({ type: 'link.opened', epoch: 1 });
  tell({ type: 'app.authenticated', owner: OWNER });
  tell({ type: 'app.bound' });
};
const then =
  (first: Way, ...more: readonly Parameters<Endpoint['tell']>[0][]): Way =>
  (endpoint) => {
    first(endpoint);
    for (const event of more) endpoint.tell(event);
  };
const start: Way = () => {};
const sent = {
  type: 'app.send',
  stanza: { xml: "<message id='a'/>", kind: 'message', type: 'chat', key: 'a' },
} as const;
const inactive = { type: 'app.inactive' } as const;
const authenticated = { type: 'app.authenticated', owner: OWNER } as const;
const verified = { type: 'app.verified', owner: OWNER } as const;
const asked = { type: 'peer.enable', epoch: 1, xmlns: 'urn:xmpp:sm:2', resume: true, max: 60 } as const;
const claimed = { type: 'peer.resume', epoch: 1, xmlns: 'urn:xmpp:sm:3', previd: 'id-1', h: uint32(0) } as const;

const late: Way = (endpoint) => {
  then(enabled, sent, { type: 'app.requestAck' })(endpoint);
  endpoint.wait(30_000);
  endpoint.tell({ type: 'timer.ackWait' });
};

const enabledWays: Readonly<Record<string, Way>> = {
  'enabled, and everything is acknowledged': enabled,
  'enabled, and everything is acknowledged, inactive': then(enabled, inactive),
  'enabled, and a stanza is unacknowledged': then(enabled, sent),
  'enabled, and asked for an ack': then(enabled, sent, { type: 'app.requestAck' }),
  'enabled, and asked for an ack that is late': late,
  'enabled, and the queue is full': then(enabled, sent, sent),
  'enabled, and the queue has no room': then(enabled, sent, sent, sent, sent),
  'enabled, and the peer is inactive': then(enabled, sent, { type: 'app.inactive' }, { ...sent, mayWait: true }),
  closed: then(enabled, { type: 'app.close' }),
};

const ways: Readonly<Record<Role, Readonly<Record<string, Way>>>> = {
  client: {
    'without a link': start,
    'without a link, with a stanza that waits': then(start, sent),
    'without a link, with a full queue, inactive': then(start, sent, sent, inactive),
    unauthenticated: then(start, { type: 'link.opened', epoch: 1 }),
    'authenticated, with a stanza that waits': then(start, sent, { type: 'link.opened', epoch: 1 }, authenticated),
    authenticated: then(start, { type: 'link.opened', epoch: 1 }, authenticated),
    bound: then(bound, sent),
    'bound, and resumption is not wanted': bound,
    'verified by a server': then(start, { type: 'link.opened', epoch: 1 }, verified),
    'verified by a server, with a stanza that waits': then(start, sent, { type: 'link.opened', epoch: 1 }, verified),
    enabling: then(bound, { type: 'app.enable' }),
    'enabling, without room, inactive': then(bound, { type: 'app.enable' }, sent, sent, sent, sent, inactive),
    'without stream management, inactive': then(bound, { type: 'app.decline' }, inactive),
    'enabling, with a stanza that was sent': then(bound, { type: 'app.enable' }, sent),
    'without stream management': then(bound, { type: 'app.decline' }),
    'enabled without resumption': then(
      bound,
      { type: 'app.enable' },
      { type: 'peer.enabled', epoch: 1, resume: false },
      sent,
    ),
    ...enabledWays,
    'back without a link': then(enabled, sent, { type: 'link.lost', epoch: 1 }),
    'back without a link, inactive': then(enabled, sent, { type: 'link.lost', epoch: 1 }, inactive),
    'back and unauthenticated': back,
    'back and authenticated': then(back, authenticated),
    'back and resuming': then(back, authenticated, { type: 'app.resume' }),
    'back and verified by a server': then(back, verified),
    'back and resuming at a server': then(back, verified, { type: 'app.resume' }),
  },
  server: {
    unauthenticated: start,
    authenticated: then(start, authenticated),
    bound: then(start, authenticated, { type: 'app.bound' }),
    'authenticated, and resumption is off': then(start, authenticated),
    'enabled, and a second <enable/> is not forgiven': then(enabled, sent),
    'verified as a server': then(start, verified),
    'verified as a server, and resumption is off': then(start, verified),
    'unauthenticated, inactive': then(start, inactive),
    'granting, inactive': then(start, authenticated, { type: 'app.bound' }, asked, inactive),
    'claiming, inactive': then(start, authenticated, claimed, inactive),
    granting: then(start, authenticated, { type: 'app.bound' }, asked),
    'granting to a server': then(start, verified, asked),
    claiming: then(start, authenticated, claimed),
    'claiming for a server': then(start, verified, claimed),
    'gone while the store is asked to save': then(start, authenticated, { type: 'app.bound' }, asked, {
      type: 'link.lost',
      epoch: 1,
    }),
    'gone while the store is asked for a session': then(start, authenticated, claimed, { type: 'link.lost', epoch: 1 }),
    'enabled without resumption': then(start, authenticated, { type: 'app.bound' }, { ...asked, resume: false }, sent),
    ...enabledWays,
    hibernating: then(enabled, sent, { type: 'link.lost', epoch: 1 }),
    'hibernating, and the queue is full': then(enabled, sent, { type: 'link.lost', epoch: 1 }, sent),
  },
};

/** The policy of some of them. */
const policies: Readonly<Record<string, PolicyChanges>> = {
  'bound, and resumption is not wanted': { resume: false },
  'authenticated, and resumption is off': { resume: false },
  'verified as a server, and resumption is off': { resume: false },
  'enabled, and a second <enable/> is not forgiven': { secondEnable: 'close' },
};

const answersOf = (role: Role, name: string, way: Way): readonly string[] => {
  const endpoint = endpointOf(open(role, policy({ ...limits, ...policies[name] })));
  way(endpoint);
  const { state } = endpoint;
  const answers = new Map<string, string[]>();
  for (const event of [...eventsIn(role, state.session, state.policy), ...more(state.session.link.epoch)]) {
    const [after, effects] = step(state, event);
    const told = effects.map((effect) => `<${brief(effect)}>`).join(' ');
    const to = after.configuration === state.configuration ? '' : ` -> ${after.configuration}`;
    const does =
      `${told === '' && after === state ? 'nothing' : told}${to} ${changes(state.session, after.session)}`.replaceAll(
        event.type,
        '…',
      );
    answers.set(does, [...(answers.get(does) ?? []), nameOf(event)]);
  }
  return [...answers].map(([does, events]) => `${events.join(', ')}: ${does.trim()}`);
};

/** What tests of the model have no use for. */
const more = (epoch: number): readonly SmEvent[] => [
  { type: 'app.close', at: 0, error: 'system-shutdown' },
  { type: 'peer.failed', at: 0, epoch },
  ...(['reset', 'connection-timeout', 'internal-server-error'] as const).map(
    (condition): SmEvent => ({ type: 'peer.error', at: 0, epoch, condition }),
  ),
];

const nameOf = ({ at: _at, ...event }: SmEvent): string => brief(event);

/** Words and numbers of an event or an effect, without what is the same everywhere. */
const brief = (value: object): string =>
  Object.entries(value)
    .map(([name, inner]) => field(name, inner))
    .filter((word) => word !== '')
    .join(' ');

const field = (name: string, value: unknown): string => {
  if (name === 'epoch') return value === 0 ? '' : `@${value}`;
  if (name === 'text' || (name === 'reason' && typeof value === 'string' && value.includes(' '))) return '';
  if (name === 'xmlns') return value === SM_3 ? '' : String(value);
  if (name === 'stanzas' && Array.isArray(value)) return `[${value.map(entry).join(', ')}]`;
  if (name === 'session') return 'session={…}';
  if (name === 'unacked' && typeof value === 'object') return `unacked=${toArray(value as Unacked).length}`;
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return name === 'report' ? brief(value) : `${name}=(${brief(value)})`;
  return ['type', 'name', 'condition', 'kind'].includes(name) ? String(value) : `${name}=${JSON.stringify(value)}`;
};

const entry = ({ key, xml, written }: Entry & { written?: boolean }): string =>
  `${key ?? xml}${written === undefined ? '' : written ? ' written' : ' unwritten'}`;

/** The fields of the session that are another than before. */
const changes = (before: object, after: object): string => brief(differing(before, after));

const differing = (before: object, after: object): object =>
  Object.fromEntries(
    Object.entries(after).flatMap(([name, value]): (readonly [string, unknown])[] => {
      const old = before[name as keyof typeof before] as unknown;
      if (JSON.stringify(value) === JSON.stringify(old)) return [];
      const isNested =
        (name === 'link' || name === 'timers' || name === 'asked') && typeof old === 'object' && old !== null;
      return [[name, isNested ? differing(old, value) : value]];
    }),
  );

const text = () =>
  Object.entries(ways)
    .flatMap(([role, named]) =>
      Object.entries(named).map(([name, way]) =>
        [`# ${role}: ${name}`, ...answersOf(role as Role, name, way), ''].join('\n'),
      ),
    )
    .join('\n');

if (process.env.UPDATE_ANSWERS === '1') writeFileSync(FILE, text());

const recorded = new Map(
  readFileSync(FILE, 'utf8')
    .split(/^# /m)
    .map((part) => part.trim().split('\n'))
    .map(([title = '', ...lines]) => [title, lines]),
);

describe('every event is answered as in the table of answers (X-2, R-10, A-13)', () => {
  for (const role of ['client', 'server'] as const) {
    for (const [name, way] of Object.entries(ways[role])) {
      it(`${role}: ${name}`, () => {
        expect(answersOf(role, name, way)).toEqual(recorded.get(`${role}: ${name}`));
      });
    }
  }
});
