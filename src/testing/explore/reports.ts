/** What the sessions report, against what really happened: the fate of each stanza, and h. */
import type { Entry, Report, Returned } from '../../index.js';
import {
  accountOf,
  actorOf,
  amend,
  blame,
  clientsServer,
  nameOf,
  serverAt,
  setAccount,
  type Turn,
  type Who,
} from './turn.js';

export const performReport = (turn: Turn, who: Who, report: Report): void => {
  switch (report.type) {
    case 'enabled':
      amend(turn, who, { taken: [], inbox: [], stale: actorOf(turn, who).stale });
      return;
    case 'acknowledged':
      for (const stanza of report.stanzas) acknowledge(turn, who, stanza);
      return;
    case 'returned':
      for (const stanza of report.stanzas) takeBack(turn, who, stanza);
      return;
    case 'resumptionFailed':
      amend(turn, who, { inbox: [] });
      turn.mustBind = hasClassicLogin(turn);
      return;
    case 'ended':
      amend(turn, who, { inbox: [], stale: [] });
      return;
    case 'violation':
    case 'toleratedViolation':
    case 'storeFault':
      blame(turn, 'peace', () => `${nameOf(who)} reports ${textOf(report.failure)}`);
      return;
    case 'misuse':
      if (!turn.isStale) blame(turn, 'peace', () => `${nameOf(who)} reports misuse: ${textOf(report.failure)}`);
  }
};

/** The client still has a stream, and its login did not ask inside of it for a new session. */
const hasClassicLogin = (turn: Turn): boolean => {
  const index = clientsServer(turn.servers);
  return index >= 0 && !(serverAt(turn, index).connection?.isInline ?? false);
};

const textOf = (failure: { readonly text?: string; readonly reason?: string }): string =>
  failure.text ?? failure.reason ?? '';

const acknowledge = (turn: Turn, who: Who, { key }: Entry): void => {
  if (key === null) return;
  const account = accountOf(turn, key);
  if (account === 'settled') blame(turn, 'fate', () => `${nameOf(who)} reports ${key} as acknowledged, a second fate`);
  else if (account !== 'handled' && account !== 'unsure')
    blame(
      turn,
      'h',
      () => `${nameOf(who)} reports ${key} as acknowledged, and the peer's application did not handle it`,
    );
  setAccount(turn, key, 'settled');
};

const takeBack = (turn: Turn, who: Who, { key, written }: Returned): void => {
  if (key === null) return;
  const account = accountOf(turn, key);
  if (account === 'settled') blame(turn, 'fate', () => `${nameOf(who)} gives ${key} back, a second fate`);
  else if (!written && (account === 'seen' || account === 'handled'))
    blame(turn, 'fate', () => `${nameOf(who)} gives ${key} back as never written, and the peer has it`);
  setAccount(turn, key, 'settled');
};
