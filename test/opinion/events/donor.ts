/** A session that a store hands over: the same one for the project and for the model, made by both from the same few events. */
import type { SmEvent, State } from '../../../src/index.js';
import { engine, policyFrom } from '../engine.js';
import { type Core, copyCore, freshModel } from '../model/model.js';
import { stepModel } from '../model/step.js';
import type { Donor } from './op.js';

type Claimed = Extract<SmEvent, { type: 'store.claimed' }>['session'];

export interface Given {
  readonly session: Claimed;
  readonly core: Core;
  readonly keys: readonly string[];
}

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
  let state: State = engine.open('server', policy, 1);
  const model = freshModel('server', policy, 1);
  let core = model.core;
  for (const event of lifeOf(donor, keys, policy.initialCount)) {
    const [next, effects] = engine.step(state, event);
    state = next;
    stepModel(model, event, {
      asks: effects.some((effect) => effect.type === 'write' && effect.nonza.name === 'r'),
      writes: true,
      trims: 0,
    });
    if (model.phase !== 'ended') core = copyCore(model.core);
    for (const effect of effects) {
      if (effect.type !== 'store.surrender' || effect.answer.type !== 'claimed') continue;
      return { session: effect.answer.session, core, keys: keys.slice(donor.acked) };
    }
  }
  throw new Error('the donor session was not handed over');
};

const lifeOf = (donor: Donor, keys: readonly string[], from: number): readonly SmEvent[] => {
  const on = { at: 1e12, epoch: 1 };
  const send = (key: string): SmEvent => ({
    type: 'app.send',
    at: 1e12,
    stanza: { xml: `<m>${key}</m>`, kind: 'message', type: '', key },
  });
  const wire = (count: number) => ((from + count) % 2 ** 32) as never;
  return [
    { type: 'app.authenticated', at: 1e12, owner: donor.owner },
    { type: 'app.bound', at: 1e12 },
    { type: 'peer.enable', ...on, xmlns: 'urn:xmpp:sm:3', resume: true },
    { type: 'store.saved', at: 1e12, smId: donor.smId },
    ...keys.slice(0, donor.sent).map(send),
    { type: 'peer.a', ...on, h: wire(donor.acked) },
    ...Array.from({ length: donor.received }, (): SmEvent => ({ type: 'peer.stanza', ...on })),
    ...Array.from(
      { length: donor.handled },
      (_, index): SmEvent => ({ type: 'app.handled', at: 1e12, position: index + 1 }),
    ),
    { type: 'link.lost', ...on },
    ...keys.slice(donor.sent).map(send),
    { type: 'store.wanted', at: 1e12, h: wire(donor.acked) },
  ];
};
