/** One enabled session of either role, and the little that a peer and a store do for it. */
import {
  type Effect,
  judgeClaim,
  open,
  type PeerEvent,
  type Policy,
  type Report,
  type Role,
  type Session,
  SM_3,
  type SmEvent,
  type State,
  step,
  type Uint32,
} from '../../src/index.js';
import { uptoEnabled } from './random-events.js';

type Timeless<E> = E extends unknown ? Omit<E, 'at'> : never;
type Linkless<E> = E extends unknown ? Omit<E, 'at' | 'epoch'> : never;

export interface Endpoint {
  readonly state: State;
  readonly session: Session;
  /** Moves time on, in milliseconds. */
  wait(ms: number): void;
  tell(event: Timeless<SmEvent>): readonly Effect[];
  peer(event: Linkless<PeerEvent>): readonly Effect[];
  send(key?: string, mayWait?: boolean): readonly Effect[];
  /** Loses the link. */
  cut(): readonly Effect[];
  /** Comes back after a cut: the peer has handled up to `h`. A refused claim leaves the session as it was. */
  resume(h: Uint32): readonly Effect[];
}

export const SM_ID = 'id-1';
const OWNER = 'user@example.net';

export const enabledEndpoint = (role: Role, policy: Policy): Endpoint => {
  const endpoint = endpointOf(open(role, policy));
  for (const event of uptoEnabled[role]) endpoint.tell(event);
  return endpoint;
};

export const endpointOf = (initial: State): Endpoint => {
  let state = initial;
  let at = 0;
  const tell = (event: Timeless<SmEvent>): readonly Effect[] => {
    const [after, effects] = step(state, { ...event, at });
    state = after;
    return effects;
  };
  const peer = (event: Linkless<PeerEvent>): readonly Effect[] => tell({ ...event, epoch: state.session.link.epoch });

  const comeBack = (h: Uint32): readonly Effect[] => {
    tell({ type: 'link.opened', epoch: at + 10 });
    tell({ type: 'app.authenticated', owner: OWNER });
    const asked = tell({ type: 'app.resume' });
    return [...asked, ...peer({ type: 'peer.resumed', previd: SM_ID, h })];
  };

  /** Another link's session takes this one over, as through a store. A claim that the rule refuses changes nothing. */
  const moveOver = (h: Uint32): readonly Effect[] => {
    const { session } = state;
    if (judgeClaim(session, h).type !== 'legal') return [];
    const superseded = tell({ type: 'store.taken' });
    state = open('server', state.policy, at + 10);
    tell({ type: 'app.authenticated', owner: OWNER });
    peer({ type: 'peer.resume', xmlns: SM_3, previd: SM_ID, h });
    return [...superseded, ...tell({ type: 'store.claimed', session })];
  };

  return {
    tell,
    peer,
    get state() {
      return state;
    },
    get session() {
      return state.session;
    },
    wait(ms) {
      at += ms;
    },
    send: (key = '', mayWait = false) =>
      tell({ type: 'app.send', stanza: { xml: `<message id='${key}'/>`, kind: 'message', type: '', key }, mayWait }),
    cut: () => tell({ type: 'link.lost', epoch: state.session.link.epoch }),
    resume: (h) => (state.role === 'client' ? comeBack(h) : moveOver(h)),
  };
};

/** The h of every `<a/>`, `<resume/>` and `<resumed/>` among the effects. */
export const countsWritten = (effects: readonly Effect[]): readonly Uint32[] =>
  effects.flatMap((effect) =>
    effect.type === 'write' && 'h' in effect.nonza && effect.nonza.h !== undefined ? [effect.nonza.h] : [],
  );

export const reportsIn = <N extends Report['type']>(
  effects: readonly Effect[],
  type: N,
): readonly Extract<Report, { readonly type: N }>[] =>
  effects.flatMap((effect) => (effect.type === 'report' && isOf(effect.report, type) ? [effect.report] : []));

const isOf = <N extends Report['type']>(report: Report, type: N): report is Extract<Report, { readonly type: N }> =>
  report.type === type;

export const acknowledgedIn = (effects: readonly Effect[]): readonly (string | null)[] =>
  reportsIn(effects, 'acknowledged').flatMap(({ stanzas }) => stanzas.map(({ key }) => key));

export const replayedIn = (effects: readonly Effect[]): readonly (string | null)[] =>
  effects.flatMap((effect) => (effect.type === 'replay' ? effect.stanzas.map(({ key }) => key) : []));

/** The requests for an acknowledgement among the effects. */
export const asksIn = (effects: readonly Effect[]): number =>
  effects.filter((effect) => effect.type === 'write' && effect.nonza.name === 'r').length;
