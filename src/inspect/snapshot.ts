/** A session in the form of xstate's persisted snapshot. */
import type { State } from '../index.js';

export interface PersistedSnapshot {
  /**
   * Always `active`: the charts have no final state, because a session that is over still returns new stanzas.
   */
  readonly status: 'active';
  readonly value: StateValue;
  readonly context: Pick<State, 'session' | 'policy'>;
  readonly historyValue: Readonly<Record<string, never>>;
  readonly children: Readonly<Record<string, never>>;
}

/** xstate's form: the name of an active state, or an object that maps the name to the active states inside it. */
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
