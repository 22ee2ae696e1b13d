/** A session that can be resumed is resumed, as long as its time is not over; and no stream ends with an error that nobody provoked. */
import type { Fault } from './fault.js';
import type { History, Session } from './history.js';

/** Milliseconds by which a clock or a busy machine may be wrong. */
const MARGIN = 500;

export const checkResumption = ({ facts, sessions }: History): readonly Fault[] => [
  ...[...sessions.values()].flatMap(refusedOf),
  ...facts.flatMap((fact): readonly Fault[] => {
    if (fact.is !== 'streamError' || PROVOKED.test(fact.condition)) return [];
    return [{ kind: 'stream error', text: `${fact.by}: ${fact.condition}`, at: fact.at }];
  }),
];

/** A client that binds its resource a second time, or takes its session over, ends its former stream; a server that stops ends all. */
const PROVOKED = /conflict|system-shutdown|connection-timeout/;

/** The server cannot have noticed the loss before it last showed that it had the connection: the time runs from then on at the earliest. */
const refusedOf = ({ id, max, end, lastHeardAt }: Session): readonly Fault[] => {
  if (end?.how !== 'refused' || max === undefined) return [];
  const away = end.at - lastHeardAt;
  if (away > max * 1000 - MARGIN) return [];
  const text = `${id}: refused after ${(away / 1000).toFixed(1)} s of ${max} s`;
  return [{ kind: 'refused in time', text, at: end.at }];
};

/** Whether the session ended because nobody resumed it in time. */
export const hasLapsed = (session: Session): boolean =>
  session.end?.how === 'refused' && refusedOf(session).length === 0;
