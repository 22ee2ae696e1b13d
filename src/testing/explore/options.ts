/** What an exploration is told, and what it starts with. */
import {
  type Effect,
  type Either,
  hasTag,
  open,
  type Policy,
  policy,
  type Role,
  restore,
  type SessionRecord,
  type SmEvent,
  type State,
  type StoreFault,
  step,
  type Tag,
  type TimerName,
  toRecord,
} from '../../index.js';
import type { Budget, Policies, World } from './world.js';

/** What runs the sessions: the functions of `smacks`, or an embedder's own around them. All are pure. */
export interface Core {
  /** The first state of a session; `epoch` is 1 for a server. */
  open(role: Role, policy: Policy, epoch?: number): State;
  /** The next state, and the effects in order. */
  step(state: State, event: SmEvent): readonly [State, readonly Effect[]];
  /** Whether an active state has the tag. */
  hasTag(state: State, tag: Tag): boolean;
  /** What a process leaves to the next one. */
  toRecord(state: State): SessionRecord;
  /** The session of a record in a new process, and the effects that set its timers. A Left is a fault of the rule `fate`. */
  restore(record: unknown, policy: Policy, at: number): Either<StoreFault, readonly [State, readonly Effect[]]>;
}

/** The rules that every world keeps. `docs/11-exploring.md` says what each rule means. */
export type RuleName =
  | 'asks'
  | 'clock'
  | 'closes'
  | 'fate'
  | 'h'
  | 'once'
  | 'own'
  | 'peace'
  | 'refuses'
  | 'rest'
  | 'timers';

export interface ExploreOptions {
  /** The policy of each role. Durations do not matter: a timer that runs may fire at any time. */
  readonly policies?: { readonly [role in Role]?: Policy };
  /** How often each thing may happen in one history; what is absent does not happen. */
  readonly bounds?: Partial<Budget>;
  /** The logins that a connection may use. Default: `['classic']`. */
  readonly logins?: readonly Login[];
  /** The timers that may fire at a client and at a server whose session can be resumed. Default: `['ackIdle']`. */
  readonly timers?: readonly TimerName[];
  /** A cut may stay unnoticed at the server, so that the client resumes while the old connection is alive. Default: false. */
  readonly lateCuts?: boolean;
  /** The store takes its time: other things happen before it answers. Default: false, it answers before anything else happens. */
  readonly slowStore?: boolean;
  /** The server's application sends also to a stream on which stream management is not on. Default: false. */
  readonly earlySends?: boolean;
  /** Rules that are not checked. */
  readonly except?: readonly RuleName[];
  /** A rule of your own: what is wrong with this world, or undefined. */
  readonly rule?: (world: World) => string | undefined;
  readonly core?: Partial<Core>;
  /** The most states to walk; Default: no limit. A walk that ends at the limit does not check the rule `rest`. */
  readonly mostStates?: number;
  /** Called now and then during a long walk. */
  readonly onProgress?: (progress: {
    readonly states: number;
    readonly waiting: number;
    readonly depth: number;
  }) => void;
}

export type Login = 'classic' | 'inline';

/** What `step` answers. */
export type Answer = readonly [State, readonly Effect[]];

/** The options with every default. */
export interface Plan {
  /** The answers of `step` so far, by state and event. */
  readonly answers: WeakMap<State, Map<string, Answer>>;
  readonly core: Core;
  readonly policies: Policies;
  readonly bounds: Budget;
  readonly logins: readonly Login[];
  readonly timers: readonly TimerName[];
  readonly lateCuts: boolean;
  readonly slowStore: boolean;
  readonly earlySends: boolean;
  readonly except: readonly RuleName[];
  readonly rule: (world: World) => string | undefined;
}

export const planOf = (options: ExploreOptions): Plan => ({
  answers: new WeakMap(),
  core: { open, step, hasTag, toRecord, restore, ...options.core },
  policies: { client: policy(), server: policy(), ...options.policies },
  bounds: { ...NOTHING, ...checked(options.bounds ?? {}) },
  logins: options.logins ?? ['classic'],
  timers: options.timers ?? ['ackIdle'],
  lateCuts: options.lateCuts ?? false,
  slowStore: options.slowStore ?? false,
  earlySends: options.earlySends ?? false,
  except: options.except ?? [],
  rule: options.rule ?? (() => undefined),
});

const checked = (bounds: Partial<Budget>): Partial<Budget> => {
  for (const [name, count] of Object.entries(bounds)) {
    if (!Object.hasOwn(NOTHING, name)) throw new TypeError(`bounds.${name} is no bound`);
    if (!Number.isSafeInteger(count) || count < 0)
      throw new TypeError(`bounds.${name} must be a whole number, 0 or more, not ${count}`);
  }
  return bounds;
};

/** A client without a connection, and no server session. */
export const firstWorld = ({ core, policies, bounds }: Plan): World => ({
  client: {
    state: core.open('client', policies.client),
    running: [],
    inbox: [],
    stale: [],
    taken: [],
    isClosed: false,
    epoch: 0,
    kept: null,
    isBehind: false,
  },
  servers: [],
  stanzas: { client: [], server: [] },
  old: {},
  behind: [],
  left: bounds,
});

const NOTHING: Budget = {
  clientSends: 0,
  serverSends: 0,
  cuts: 0,
  requests: 0,
  refusals: 0,
  lateAnswers: 0,
  lostQueues: 0,
  expiries: 0,
  clientRestarts: 0,
  serverRestarts: 0,
  staleWords: 0,
  records: 0,
  lies: 0,
  strays: 0,
  closes: 0,
  inactivity: 0,
};
