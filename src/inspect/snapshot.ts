/** A session as xstate would keep it: the persisted form of a machine's snapshot. */
import type { State } from '../index.js';

export interface PersistedSnapshot {
  /** Always: the charts have no final state, for what is sent to a session that is over is still handed back. */
  readonly status: 'active';
  readonly value: StateValue;
  readonly context: Pick<State, 'session' | 'policy'>;
  readonly historyValue: Readonly<Record<string, never>>;
  readonly children: Readonly<Record<string, never>>;
}

/** xstate's own: the name of an active state, or by name what is active in it. */
export type StateValue = string | { readonly [name: string]: StateValue };

export const persistedSnapshot = ({ configuration, session, policy }: State): PersistedSnapshot => ({
  status: 'active',
  value: stateValue(configuration.split(' & ').map((leaf) => leaf.split('.'))),
  context: { session, policy },
  historyValue: {},
  children: {},
});

const stateValue = (leaves: readonly (readonly string[])[]): StateValue => {
  const [only, another] = leaves;
  if (only !== undefined && another === undefined && only.length === 1) return only[0] ?? '';
  const names = [...new Set(leaves.map(([name = '']) => name))];
  return Object.fromEntries(
    names.map((name) => [name, stateValue(leaves.filter(([first]) => first === name).map(([, ...rest]) => rest))]),
  );
};
