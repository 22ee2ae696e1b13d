/**
 * A store that hands over what this link did not claim, or does so too late. What exactly follows is free; what must not happen is not: nothing
 * of a foreign session reaches this link, and the stanzas of our own are not lost.
 */
import { hasTag, type SmEvent, step, toRecord } from '../../../src/index.js';
import type { Disagreement } from '../compare/compare.js';
import { factsOf } from '../compare/facts.js';
import { believable } from '../model/claim.js';
import { judge } from '../model/counting.js';
import type { Model } from '../model/model.js';
import type { Given } from './donor.js';
import type { Pair } from './pair.js';

const waits = ({ phase, request }: Model) => phase === 'claiming' || (phase === 'cancelling' && request.resumable);

export const claimedInVain = (pair: Pair, given: Given, event: SmEvent): Disagreement | null | 'believable' => {
  const { model, state } = pair;
  if (waits(model) && believable(model, given.core)) return 'believable';
  const [after, effects] = step(state, { ...event, session: given.session } as SmEvent);
  pair.last = {
    event: { ...event, session: { smId: given.core.smId, owner: given.core.owner, acked: given.session.acked } },
    project: effects,
    model: [],
  };
  const facts = factsOf(effects);
  const ours = isOurs(model, given);
  const queue = toRecord(after).unacked.map(({ key }) => String(key));
  pair.over = JSON.stringify(state) !== JSON.stringify(after);
  pair.state = after;
  const about = waits(model) ? `a claim with ${whatIsWrong(model, given)}` : 'a claim that nobody waits for';
  const wrong = (project: string, expected: string) => ({ about: `${about}: ${project}`, project, model: expected });
  if (facts.wire.some((text) => text.startsWith('write resumed'))) return wrong('resumes', 'does not resume');
  if (facts.wire.some((text) => given.keys.some((key) => text.startsWith(key))))
    return wrong('writes stanzas of it', 'writes none');
  if (!ours && !hasTag(state, 'hibernating') && hasTag(after, 'hibernating') && after.session.smId === given.core.smId)
    return wrong('keeps it', 'leaves it alone');
  const returned = facts.returned.map((text) => text.split(' ')[0]);
  const lost = given.keys.filter((key) => !queue.includes(key) && !returned.includes(key));
  if (ours && lost.length > 0) return wrong('stanzas have no fate', 'each is returned or stays queued');
  return null;
};

const whatIsWrong = ({ core, request }: Model, given: Given) => {
  if (given.core.owner !== core.owner) return 'the session of another owner';
  if (given.core.smId !== request.previd) return 'the session of another SM-ID';
  const verdict = judge(given.core, request.h);
  return !verdict.legal && verdict.tooHigh ? 'an h above what was written' : 'an h below what is acknowledged';
};

/** The session of this owner that this link asked for: nobody else has it now. */
const isOurs = (model: Model, { core }: Given) =>
  core.owner === model.core.owner &&
  ((waits(model) && core.smId === model.request.previd) || (model.owed !== null && core.smId === model.owed));
