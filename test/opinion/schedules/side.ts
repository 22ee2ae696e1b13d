/** One end of a stream: the project or the model behind the same few calls. */
import { isLeft } from 'fp-ts/lib/Either.js';
import type { Effect, SmEvent, State } from '../../../src/index.js';
import { engine, policyFrom } from '../engine.js';
import type { Counted } from '../model/counting.js';
import { copyCore, freshModel, type Timers } from '../model/model.js';
import { find, keep } from '../model/record.js';
import { stepModel } from '../model/step.js';

export type Role = 'client' | 'server';
export type Kind = 'project' | 'model';

export interface Side {
  feed(event: SmEvent): readonly Effect[];
  /** What the process keeps of its session. */
  record(): unknown;
  /** Goes on from a record, in a new process. */
  restart(record: unknown, at: number): readonly Effect[];
  timers(): Timers;
  /** The keys of the stanzas that wait for their acknowledgement. */
  queue(): readonly string[];
  /** The value of the session at this moment, for another end of the same kind. */
  session(): unknown;
  /** What a store needs to judge a claim. */
  counted(): Counted;
  counters(): { readonly handled: number; readonly received: number };
}

type Changes = Readonly<Record<string, unknown>>;

export const sideOf = (kind: Kind, role: Role, changes: Changes): Side =>
  kind === 'project' ? projectSide(role, changes) : modelSide(role, changes);

const projectSide = (role: Role, changes: Changes): Side => {
  const policy = policyFrom(changes);
  let state: State = role === 'server' ? engine.open(role, policy, 1) : engine.open(role, policy);
  return {
    feed: (event) => {
      const [next, effects] = engine.step(state, event);
      state = next;
      return effects;
    },
    record: () => JSON.stringify(engine.toRecord(state)),
    restart: (record, at) => {
      const restored = engine.restore(JSON.parse(record as string), policy, at);
      if (isLeft(restored)) throw new Error(restored.left.reason);
      const [next, effects] = restored.right;
      state = next;
      return effects;
    },
    timers: () => state.session.timers,
    queue: () => engine.toRecord(state).unacked.map(({ key }) => String(key)),
    session: () => state.session,
    counted: () => {
      const { acked, totalAcked, written, handled, isRestored } = state.session;
      return { acked, ackedFrom: acked - totalAcked, written, handled, restored: isRestored };
    },
    counters: () => state.session,
  };
};

const modelSide = (role: Role, changes: Changes): Side => {
  const policy = policyFrom(changes);
  let model = freshModel(role, policy, 1);
  return {
    feed: (event) => [...stepModel(model, event)],
    record: () => keep(model),
    restart: (record, at) => {
      const [next, effects] = find(record as ReturnType<typeof keep>, policy, at);
      model = next;
      return effects;
    },
    timers: () => model.timers,
    queue: () => model.core.queue.map(({ key }) => String(key)),
    session: () => copyCore(model.core),
    counted: () => ({ ...model.core }),
    counters: () => model.core,
  };
};
