/** The server's h: it never falls back, and it never covers what was not sent. The client's own h is checked too. */
import type { Fault } from './fault.js';
import type { History, Session } from './history.js';

const UINT32 = 2 ** 32;

export const checkCounts = ({ sessions, endsAt }: History): readonly Fault[] =>
  [...sessions.values()].flatMap((session) => [
    ...countsOf(session),
    ...honestyOf(session),
    ...unsettledOf(session, endsAt),
  ]);

const countsOf = (session: Session): readonly Fault[] => {
  const faults: Fault[] = [];
  let acked = 0;
  let sent = 0;
  for (const fact of session.facts) {
    if (fact.is === 'wrote') sent = Math.max(sent, fact.n);
    if (!(fact.is === 'heard' || fact.is === 'resumed' || fact.is === 'refused') || fact.h === undefined) continue;
    const more = (fact.h - acked + UINT32) % UINT32;
    if (more <= sent - acked) acked += more;
    else {
      const kind = more >= UINT32 / 2 ? 'h fell back' : 'h too high';
      faults.push({ kind, text: `${session.id}: ${fact.is} h=${fact.h}, after ${acked}, ${sent} sent`, at: fact.at });
    }
  }
  return faults;
};

/** A client that miscounts, or writes something else again, would make the server look bad. */
const honestyOf = (session: Session): readonly Fault[] => {
  let got = 0;
  const faults: Fault[] = [];
  for (const fact of session.facts) {
    if (fact.is === 'got') got = fact.n ?? got;
    if ((fact.is === 'told' || fact.is === 'resuming') && fact.h !== got % UINT32)
      faults.push({
        kind: 'dishonest client',
        text: `${session.id}: ${fact.is} h=${fact.h}, but got ${got}`,
        at: fact.at,
      });
    if (fact.is !== 'wrote') continue;
    const first = session.writes[fact.n - 1];
    if (first !== undefined && nameOf(first.stanza) !== nameOf(fact.stanza))
      faults.push({
        kind: 'dishonest client',
        text: `${session.id}: stanza ${fact.n} is ${nameOf(fact.stanza)}, and was ${nameOf(first.stanza)}`,
        at: fact.at,
      });
  }
  return faults;
};

const nameOf = (stanza: Session['writes'][number]['stanza']): string => {
  if (stanza.kind === 'message' || stanza.kind === 'error') return stanza.id;
  return stanza.kind === 'presence' ? stanza.mark : '';
};

const unsettledOf = ({ id, end, writes, ackedAt }: Session, endsAt: number): readonly Fault[] => {
  const open = end === undefined ? writes.filter(({ n }) => !ackedAt.has(n)).length : 0;
  return open === 0 ? [] : [{ kind: 'unsettled', text: `${id}: ${open} of ${writes.length} stanzas`, at: endsAt }];
};
