/** The rules about one step of one session. */
import { type Effect, type Report, type SmEvent, type State, uint32 } from '../../index.js';
import { actorOf, blame, nameOf, type Turn, type Who } from './turn.js';

export const checkStep = (turn: Turn, who: Who, before: State, event: SmEvent, effects: readonly Effect[]): void => {
  if (event.type === 'peer.enable' || event.type === 'peer.resume') checkRefusal(turn, who, before, event, effects);
  for (const effect of effects) if (effect.type === 'report') checkReport(turn, who, before, effect.report);
};

/** A request that is refused at once leaves the session as it was (design law 2). */
const checkRefusal = (turn: Turn, who: Who, before: State, event: SmEvent, effects: readonly Effect[]): void => {
  if (!effects.some((effect) => effect.type === 'write' && effect.nonza.name === 'failed')) return;
  const after = actorOf(turn, who).state;
  if (after.configuration !== before.configuration || JSON.stringify(after.session) !== JSON.stringify(before.session))
    blame(turn, 'refuses', () => `${nameOf(who)} refuses <${event.type.slice(5)}/>, and its session changes`);
};

const checkReport = (turn: Turn, who: Who, { session }: State, report: Report): void => {
  if (report.type === 'resumptionFailed' && report.h !== null && !turn.client.isBehind) {
    const { h } = report;
    if (uint32(h - session.acked) > session.written)
      blame(
        turn,
        'h',
        () => `${nameOf(who)} reports h ${h} of a failed resumption, which no session of the peer can have`,
      );
  }
  // Law 10: the server, and no clock, knows whether a written stanza arrived.
  if (who === 'client' && report.type === 'returned' && report.reason === 'expired') {
    const guessed = report.stanzas.filter(({ written }) => written).map(({ key }) => key);
    if (guessed.length > 0) blame(turn, 'clock', () => `the client gives ${guessed} up, and did not ask the server`);
  }
};
