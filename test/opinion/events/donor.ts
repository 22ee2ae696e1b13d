/** A session that a store gives: the same one for the project and for the model, made by both from the same few events. */
import { isLeft } from 'fp-ts/lib/Either.js';
import type { SmEvent, State } from '../../../src/index.js';
import { engine, policyFrom } from '../engine.js';
import { type Core, copyCore, freshModel, type Model } from '../model/model.js';
import { find, keep } from '../model/record.js';
import { stepModel } from '../model/step.js';
import type { Donor } from './op.js';

type Claimed = Extract<SmEvent, { type: 'store.claimed' }>['session'];

export interface Given {
  readonly session: Claimed;
  readonly core: Core;
  readonly keys: readonly string[];
}

const AT = 1e12;
/** The link of the donor has another number than the link that claims the session. */
const EPOCH = 7;

export const give = (donor: Donor, changes: Readonly<Record<string, unknown>>, name: number): Given => {
  const roomy = {
    maxQueueStanzas: 1000,
    maxQueueBytes: 1e6,
    resume: true,
    hibernationTime: 300,
    maxUnackedStanzas: 1000,
  };
  const policy = policyFrom({ ...changes, ...roomy });
  const keys = Array.from({ length: donor.sent + donor.later }, (_, index) => `d${name}-${index + 1}`);
  let state: State = engine.open('server', policy, EPOCH);
  let model: Model = freshModel('server', policy, EPOCH);
  for (const event of lifeOf(donor, keys, policy.initialCount)) {
    const [next, effects] = engine.step(state, event);
    state = next;
    stepModel(model, event, {
      asks: effects.some((effect) => effect.type === 'write' && effect.nonza.name === 'r'),
      writes: effects.some((effect) => effect.type === 'transmit'),
      trims: 0,
    });
  }
  if (donor.restored === true) {
    const restored = engine.restore(JSON.parse(JSON.stringify(engine.toRecord(state))), policy, AT);
    if (isLeft(restored)) throw new Error(restored.left.reason);
    [state] = restored.right;
    [model] = find(keep(model), policy, AT);
  }
  return { session: state.session, core: copyCore(model.core), keys: keys.slice(donor.acked) };
};

const lifeOf = (donor: Donor, keys: readonly string[], from: number): readonly SmEvent[] => {
  const on = { at: AT, epoch: EPOCH };
  const send = (key: string, mayWait: boolean): SmEvent => ({
    type: 'app.send',
    at: AT,
    stanza: { xml: `<m>${key}</m>`, kind: 'message', type: '', key },
    mayWait,
  });
  const handled = Array.from({ length: donor.handled }, (_, index) => index + 1);
  if (donor.last === true && donor.handled < donor.received) handled.push(donor.received);
  return [
    { type: 'app.authenticated', at: AT, owner: donor.owner },
    { type: 'app.bound', at: AT },
    { type: 'peer.enable', ...on, xmlns: 'urn:xmpp:sm:3', resume: true },
    { type: 'store.saved', at: AT, smId: donor.smId },
    ...keys.slice(0, donor.sent).map((key) => send(key, false)),
    { type: 'peer.a', ...on, h: ((from + donor.acked) % 2 ** 32) as never },
    ...Array.from({ length: donor.received }, (): SmEvent => ({ type: 'peer.stanza', ...on })),
    ...handled.map((position): SmEvent => ({ type: 'app.handled', at: AT, position })),
    // The old link may live on: its client is inactive then, so that stanzas wait there too.
    donor.live === true ? { type: 'app.inactive', at: AT } : { type: 'link.lost', ...on },
    ...keys.slice(donor.sent).map((key) => send(key, true)),
  ];
};
