/** What the orders of one step amount to, as short texts in groups: order matters inside a group, and not between groups. */
import type { Effect } from '../../../src/index.js';

type Report = Extract<Effect, { type: 'report' }>['report'];

export interface Facts {
  /** Everything on the wire but `<r/>`, in order. */
  readonly wire: string[];
  asks: number;
  /** An `<r/>` stands before a stanza that this step writes. */
  asksEarly: boolean;
  readonly delivered: string[];
  readonly acknowledged: string[];
  readonly returned: string[];
  readonly store: string[];
  /** Every h with which the store is told that a session is over. */
  readonly lastH: string[];
  /** What the embedder is told, without the stanzas. */
  readonly told: string[];
  /** Reports that change nothing: the embedder or the peer did something that means nothing here. */
  complaints: number;
  misuses: number;
  tolerated: boolean;
  readonly timers: string[];
}

export const factsOf = (effects: readonly Effect[]): Facts => {
  const facts: Facts = {
    wire: [],
    asks: 0,
    asksEarly: false,
    delivered: [],
    acknowledged: [],
    returned: [],
    store: [],
    lastH: [],
    told: [],
    complaints: 0,
    misuses: 0,
    tolerated: false,
    timers: [],
  };
  for (const effect of effects) add(facts, effect);
  return facts;
};

const add = (facts: Facts, effect: Effect) => {
  if (effect.type === 'report') return tell(facts, effect.report);
  if (effect.type === 'deliver') return facts.delivered.push(String(effect.position));
  if (effect.type === 'timer.set') return facts.timers.push(`${effect.timer} ${effect.deadline}`);
  if (effect.type === 'timer.clear') return facts.timers.push(`${effect.timer} -`);
  if (effect.type === 'store.expire') facts.lastH.push(`${effect.owner} ${effect.smId} ${effect.h}`);
  if (effect.type.startsWith('store.')) return facts.store.push(storeFact(effect));
  onWire(facts, effect);
};

/** The name of a stanza: the drivers write it into its XML. */
const nameOf = (xml: string) => /^<m>(.+)<\/m>/.exec(xml)?.[1] ?? `xml ${xml}`;

const onWire = (facts: Facts, effect: Effect) => {
  if (!('epoch' in effect)) return;
  const on = `@${effect.epoch}`;
  if (effect.type === 'replay') {
    for (const { xml } of effect.stanzas) facts.wire.push(`${nameOf(xml)} ${on}`);
  } else if (effect.type === 'transmit') facts.wire.push(`${nameOf(effect.xml)} ${on}`);
  else if (effect.type === 'link.close') facts.wire.push(`close ${effect.graceful ? 'gracefully' : 'at once'} ${on}`);
  else if (effect.type === 'stream.error') facts.wire.push(`error ${errorFact(effect.violation)} ${on}`);
  else if (effect.type === 'write' && effect.nonza.name === 'r') facts.asks += 1;
  else if (effect.type === 'write' || effect.type === 'carry') {
    facts.wire.push(`${effect.type} ${nonzaFact(effect.nonza)} ${effect.xmlns.slice(-1)} ${on}`);
  }
  if (facts.asks > 0 && (effect.type === 'replay' || effect.type === 'transmit')) facts.asksEarly = true;
};

const nonzaFact = (nonza: Extract<Effect, { type: 'write' }>['nonza']) =>
  Object.entries(nonza)
    .filter(([field, value]) => field !== 'text' && value !== undefined)
    .map(([field, value]) => (field === 'name' ? value : `${field}=${value}`))
    .join(' ');

const errorFact = ({ condition, handledCountTooHigh: high }: Extract<Effect, { type: 'stream.error' }>['violation']) =>
  high === undefined ? condition : `${condition} h=${high.h} sent=${high.sendCount}`;

const storeFact = (effect: Effect) => {
  if (effect.type === 'store.save') return `save ${effect.owner}`;
  if (effect.type === 'store.claim') return `claim ${effect.owner} ${effect.smId} ${effect.h}`;
  if (effect.type === 'store.hibernate') return `hibernate ${effect.owner} ${effect.smId}`;
  // R-8 lets a server remember the h of a session that is over, or not.
  if (effect.type === 'store.expire' || effect.type === 'store.forget') return `over ${effect.owner} ${effect.smId}`;
  return effect.type;
};

const tell = (facts: Facts, report: Report) => {
  if (report.type === 'misuse' || report.type === 'toleratedViolation') {
    facts.complaints += 1;
    if (report.type === 'toleratedViolation') facts.tolerated = true;
    else facts.misuses += 1;
  } else if (report.type === 'acknowledged') {
    for (const { key } of report.stanzas) facts.acknowledged.push(String(key));
  } else if (report.type === 'returned') {
    for (const { key, written } of report.stanzas) {
      facts.returned.push(`${key} ${report.reason}${written ? ' written' : ''}`);
    }
  } else {
    const told = toldFact(report);
    if (told !== null) facts.told.push(told);
  }
};

const toldFact = (report: Report): string | null => {
  if (report.type === 'enabled') return `enabled ${report.resumable} ${report.max} ${report.location}`;
  if (report.type === 'refused') return `refused ${report.condition}`;
  if (report.type === 'violation') return `violation ${errorFact(report.failure)}`;
  if (report.type === 'resumptionFailed') return `resumptionFailed ${report.condition} h=${report.h}`;
  if (report.type === 'resumed') return `resumed ${report.acknowledged}+${report.replayed}`;
  if (report.type === 'hibernationStart') return `hibernationStart ${report.unacked}`;
  if (report.type === 'hibernationEnd') return `hibernationEnd ${report.resumed}`;
  if (report.type === 'stanzaQueued') return `stanzaQueued ${report.stanza.key}`;
  if (report.type === 'ackDelayed') return `ackDelayed ${report.unacked}`;
  if (report.type === 'queuePressure') return `queuePressure ${report.unacked} ${report.size} ${report.full}`;
  return report.type;
};
