/** Sessions without a host, for what follows them by their traces. */
import { open, policy, type Role, SM_3, type SmEvent, type State, traced } from '../../src/index.js';
import type { RecordLine } from '../../src/inspect/json-lines.js';

/** What brings a server's session to where stream management is on. */
export const ENABLED: readonly SmEvent[] = [
  { type: 'app.authenticated', at: 1, owner: 'romeo@localhost' },
  { type: 'app.bound', at: 2 },
  { type: 'peer.enable', at: 3, epoch: 1, xmlns: SM_3, resume: true },
  { type: 'store.saved', at: 4, smId: 'a-very-secret-id' },
];

export interface Inspectable {
  tell(event: SmEvent): void;
  readonly state: State;
}

export const inspectable = (
  write: (line: RecordLine) => unknown,
  name: string,
  run: number,
  role: Role = 'server',
): Inspectable => {
  const step = traced((line) => write({ ...line, session: name, run }));
  let state = open(role, policy());
  return {
    tell(event) {
      [state] = step(state, event);
    },
    get state() {
      return state;
    },
  };
};

/** A server's session on which stream management is on. */
export const enabledSession = (write: (line: RecordLine) => unknown, name: string, run: number): Inspectable => {
  const session = inspectable(write, name, run);
  const now = Date.now();
  for (const [index, event] of ENABLED.entries()) session.tell({ ...event, at: now + index });
  return session;
};

export const send = (stanza: string): SmEvent => ({
  type: 'app.send',
  at: Date.now(),
  stanza: { xml: stanza, kind: 'message', type: 'chat' },
});
