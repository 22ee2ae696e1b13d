/**
 * What a session answers in every state to every event that its guards tell apart: a page of answers for each role and phase,
 * in test/machines/answers. `npm run answers` writes the pages anew; CONTRIBUTING.md says how to read them.
 */
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { open, type PolicyChanges, policy, type Role, type SmEvent, step, uint32 } from '../../src/index.js';
import { type Answers, answerPage } from '../support/answer-page.js';
import { type Endpoint, endpointOf } from '../support/endpoint.js';
import { answerInWords, detailsOf } from '../support/in-words.js';
import { eventsIn } from '../support/model-events.js';
import { uptoEnabled } from '../support/random-events.js';

const PAGES = 'test/machines/answers';
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

const closed: Way = then(enabled, { type: 'app.close' });

const enabledWays: Readonly<Record<string, Way>> = {
  'everything is acknowledged': enabled,
  'everything is acknowledged, inactive': then(enabled, inactive),
  'a stanza is unacknowledged': then(enabled, sent),
  'asked for an ack': then(enabled, sent, { type: 'app.requestAck' }),
  'asked for an ack that is late': late,
  'the queue is full': then(enabled, sent, sent),
  'the queue has no room': then(enabled, sent, sent, sent, sent),
  'the peer is inactive': then(enabled, sent, { type: 'app.inactive' }, { ...sent, mayWait: true }),
};

/** By page: the role, and the phase that its states belong to. */
const pages: Readonly<Record<`${Role}-${string}`, Readonly<Record<string, Way>>>> = {
  'client-disabled': {
    'without a link': start,
    'without a link, with a stanza that waits': then(start, sent),
    'without a link, with a full queue, inactive': then(start, sent, sent, inactive),
    unauthenticated: then(start, { type: 'link.opened', epoch: 1 }),
    authenticated: then(start, { type: 'link.opened', epoch: 1 }, authenticated),
    'authenticated, with a stanza that waits': then(start, sent, { type: 'link.opened', epoch: 1 }, authenticated),
    bound: then(bound, sent),
    'bound, and resumption is not wanted': bound,
    'verified by a server': then(start, { type: 'link.opened', epoch: 1 }, verified),
    'verified by a server, with a stanza that waits': then(start, sent, { type: 'link.opened', epoch: 1 }, verified),
  },
  'client-enabling': {
    enabling: then(bound, { type: 'app.enable' }),
    'with a stanza that was sent': then(bound, { type: 'app.enable' }, sent),
    'without room, inactive': then(bound, { type: 'app.enable' }, sent, sent, sent, sent, inactive),
  },
  'client-refused': {
    'without stream management': then(bound, { type: 'app.decline' }),
    'without stream management, inactive': then(bound, { type: 'app.decline' }, inactive),
  },
  'client-enabled': {
    ...enabledWays,
    'without resumption': then(bound, { type: 'app.enable' }, { type: 'peer.enabled', epoch: 1, resume: false }, sent),
  },
  'client-hibernating': {
    'without a link': then(enabled, sent, { type: 'link.lost', epoch: 1 }),
    'without a link, inactive': then(enabled, sent, { type: 'link.lost', epoch: 1 }, inactive),
    unauthenticated: back,
    authenticated: then(back, authenticated),
    resuming: then(back, authenticated, { type: 'app.resume' }),
    'verified by a server': then(back, verified),
    'resuming at a server': then(back, verified, { type: 'app.resume' }),
  },
  'client-ended': { closed },
  'server-disabled': {
    unauthenticated: start,
    'unauthenticated, inactive': then(start, inactive),
    authenticated: then(start, authenticated),
    'authenticated, and resumption is off': then(start, authenticated),
    bound: then(start, authenticated, { type: 'app.bound' }),
    'verified as a server': then(start, verified),
    'verified as a server, and resumption is off': then(start, verified),
  },
  'server-granting': {
    granting: then(start, authenticated, { type: 'app.bound' }, asked),
    'granting, inactive': then(start, authenticated, { type: 'app.bound' }, asked, inactive),
    'granting to a server': then(start, verified, asked),
    'gone while the store is asked to save': then(start, authenticated, { type: 'app.bound' }, asked, {
      type: 'link.lost',
      epoch: 1,
    }),
  },
  'server-claiming': {
    claiming: then(start, authenticated, claimed),
    'claiming, inactive': then(start, authenticated, claimed, inactive),
    'claiming for a server': then(start, verified, claimed),
    'gone while the store is asked for a session': then(start, authenticated, claimed, { type: 'link.lost', epoch: 1 }),
  },
  'server-enabled': {
    ...enabledWays,
    'without resumption': then(start, authenticated, { type: 'app.bound' }, { ...asked, resume: false }, sent),
    'a second <enable/> is not forgiven': then(enabled, sent),
  },
  'server-hibernating': {
    hibernating: then(enabled, sent, { type: 'link.lost', epoch: 1 }),
    'the queue is full': then(enabled, sent, { type: 'link.lost', epoch: 1 }, sent),
  },
  'server-ended': { closed },
};

/** The policy of some of them. */
const policies: Readonly<Record<string, PolicyChanges>> = {
  'bound, and resumption is not wanted': { resume: false },
  'authenticated, and resumption is off': { resume: false },
  'verified as a server, and resumption is off': { resume: false },
  'a second <enable/> is not forgiven': { secondEnable: 'close' },
};

const answersOf = (role: Role, name: string, way: Way): Answers => {
  const endpoint = endpointOf(open(role, policy({ ...limits, ...policies[name] })));
  way(endpoint);
  const before = endpoint.state;
  const events = [...eventsIn(role, before.session, before.policy), ...more(before.session.link.epoch)];
  const rows = events.map((event) => {
    const [after, effects] = step(before, event);
    return { type: event.type, details: detailsOf(event), answer: answerInWords(before, event, after, effects) };
  });
  return { name, configuration: before.configuration, rows };
};

/** What tests of the model have no use for. */
const more = (epoch: number): readonly SmEvent[] => [
  { type: 'app.close', at: 0, error: 'system-shutdown' },
  { type: 'peer.failed', at: 0, epoch },
  ...(['reset', 'connection-timeout', 'internal-server-error'] as const).map(
    (condition): SmEvent => ({ type: 'peer.error', at: 0, epoch, condition }),
  ),
];

describe('the charts answer every event as the page of answers says (X-2, R-10, A-13)', () => {
  for (const [page, ways] of Object.entries(pages)) {
    it(page, async () => {
      const role = page.startsWith('client') ? 'client' : 'server';
      const states = Object.entries(ways).map(([name, way]) => answersOf(role, name, way));
      await expect(answerPage(states)).toMatchFileSnapshot(resolve(PAGES, `${page}.txt`));
    });
  }
});
