/** Sessions whose link is lost, made as life makes them. Names, SM-IDs and stanzas are strings of their own. */

import { open, type Policy, type Report, type SmEvent, type State, step } from '../../src/index.js';
import type { Clock, SessionStore } from '../../src/ports/index.js';
import { randomIds } from '../../src/session/random-ids.js';
import { type RunningSession, run, type Stream } from '../../src/session/session.js';
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

/** What all sessions of a server share. */
export interface Server {
  readonly policy: Policy;
  readonly store: SessionStore;
  readonly clock: Clock;
}

export interface Connected {
  readonly session: RunningSession;
  /** Loses the link, in the midst of so many stanzas. */
  cut(queued: number): void;
}

/**
 * A whole running session, its link up and stream management on once the store has answered: a few
 * turns of the microtask queue later.
 */
export const connect = (
  index: number,
  { policy, store, clock }: Server,
  report: (report: Report) => void,
): Connected => {
  const session = run({ state: open('server', policy), store, clock, deliver: nothing, report });
  const link = session.attach(createStream());
  session.tell({ type: 'app.authenticated', owner: ownerOf(index) });
  session.tell({ type: 'app.bound' });
  link.receive(ENABLE);
  return {
    session,
    cut(queued) {
      const stanzas = stanzasFor(index, 0, queued);
      const tell = (stanza: string): void =>
        session.tell({ type: 'app.send', stanza: { xml: stanza, kind: 'message', type: 'chat' } });
      stanzas.slice(0, queued >> 1).forEach(tell);
      link.lost();
      stanzas.slice(queued >> 1).forEach(tell);
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
