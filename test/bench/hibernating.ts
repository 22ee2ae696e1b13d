/** Sessions whose link is lost, made as life makes them. Names, SM-IDs and stanzas are strings of their own. */

import { open, type Policy, type SmEvent, type State, step } from '../../src/index.js';
import { randomIds } from '../../src/session/random-ids.js';
import type { Stream } from '../../src/session/running-session.js';
import type { ServerSession } from '../../src/session/server-session.js';
import type { ServerSessions } from '../../src/session/server-sessions.js';
import { Element } from '../../src/xml.js';
import { flat, START } from './contestants/stanzas.js';

/** What `step` leaves: a session with so many stanzas of 200 characters, of which half were written before the link was lost. */
export const hibernatingState = (index: number, queued: number, policy: Policy): State => {
  const events: readonly SmEvent[] = [
    { type: 'app.authenticated', at: START, owner: ownerOf(index) },
    { type: 'app.bound', at: START },
    { type: 'peer.enable', at: START, epoch: 1, xmlns: 'urn:xmpp:sm:3', resume: true },
    { type: 'store.saved', at: START, smId: randomIds.smId() },
    ...stanzasFor(index, 0, queued >> 1).map((stanza) => send(stanza, START)),
    { type: 'link.lost', at: START, epoch: 1 },
    ...stanzasFor(index, queued >> 1, queued).map((stanza) => send(stanza, START)),
  ];
  let state = open('server', policy);
  let hibernates = false;
  for (const event of events) {
    const [after, effects] = step(state, event);
    state = after;
    hibernates ||= effects.some((effect) => effect.type === 'report' && effect.report.type === 'hibernationStart');
  }
  if (!hibernates) throw new Error('the session does not hibernate');
  return state;
};

const send = (stanza: string, at: number): SmEvent => ({
  type: 'app.send',
  at,
  stanza: { xml: stanza, kind: 'message', type: 'chat' },
});

export interface Connected {
  readonly session: ServerSession<number>;
  /** Loses the link, in the midst of so many stanzas. */
  cut(queued: number): void;
}

/**
 * A whole running session, its link up and stream management on once the store has answered: a few
 * turns of the microtask queue later.
 */
export const connect = (index: number, sessions: ServerSessions<number>): Connected => {
  const session = sessions.accept(index);
  const link = session.attach(createStream());
  session.authenticated(ownerOf(index));
  session.bound();
  link.receive(ENABLE);
  return {
    session,
    cut(queued) {
      const stanzas = stanzasFor(index, 0, queued);
      const sendOne = (xml: string): void => session.send({ xml, kind: 'message', type: 'chat' });
      stanzas.slice(0, queued >> 1).forEach(sendOne);
      link.lost();
      stanzas.slice(queued >> 1).forEach(sendOne);
    },
  };
};

const ENABLE = new Element('enable', { xmlns: 'urn:xmpp:sm:3', resume: 'true' });

/** Every connection is an object of its own. What stands behind it is the embedder's, and is not counted. */
const createStream = (): Stream => ({
  write: nothing,
  close: nothing,
  destroy: nothing,
  pause: nothing,
  resume: nothing,
});

const nothing = (): void => undefined;

const ownerOf = (index: number): string => flat(`user${index}@example.net`);

const stanzasFor = (index: number, from: number, to: number): readonly string[] =>
  Array.from({ length: to - from }, (_, position) => {
    const head = `<message to='user${index}@example.net/phone' type='chat' id='${from + position}'><body>`;
    return flat(`${head.padEnd(200 - TAIL.length, 'x')}${TAIL}`);
  });

const TAIL = '</body></message>';
