/** The charts run by xstate itself, through its pure functions: the oracle for the compiled binding. */
import { initialTransition, type SnapshotFrom, transition } from 'xstate';
import { leavesOf } from '../../machines/xstate.js';
import type { Effect, Role, SmEvent, State } from '../../src/index.js';
import { clientMachine, serverMachine } from '../../src/machines.js';

/** Of one type, for a test that runs either: it does not ask for states by name. */
const machines = { client: clientMachine, server: serverMachine as unknown as typeof clientMachine } as const;

type Snapshot = SnapshotFrom<typeof clientMachine>;

export const initialSnapshot = (state: State): Snapshot =>
  initialTransition(machines[state.role], { session: state.session, policy: state.policy })[0];

export const xstateStep = (
  role: Role,
  snapshot: Snapshot,
  event: SmEvent,
): { readonly snapshot: Snapshot; readonly effects: readonly Effect[] } => {
  const [next, executed] = transition(machines[role], snapshot, event);
  return { snapshot: next, effects: executed.flatMap(emitted) };
};

/** The configuration in the compiled binding's words. */
export const configurationOf = (value: Snapshot['value']): string => leavesOf(value).join(' & ');

const emitted = (action: { readonly type: string; readonly params?: unknown }): readonly Effect[] =>
  action.type === 'xstate.emit' ? [(action.params as { readonly event: Effect }).event] : [];
