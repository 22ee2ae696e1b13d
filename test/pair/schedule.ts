/** One random life of a client and its server: sends, cuts, delays, and in the end everything is accounted for. */
import { hasTag, type Policy, policy, uint32 } from '../../src/index.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import type { Delivery, Side } from '../../src/testing/application.js';
import { createPair, type Pair } from '../../src/testing/pair.js';
import type { Random } from '../../src/testing/random.js';

export interface Kind {
  readonly deferred?: boolean;
  readonly nearWrap?: boolean;
  /** Links that say nothing any more, and are noticed by a missing answer. */
  readonly halfOpen?: boolean;
  /** Pauses longer than a session is kept. */
  readonly timeouts?: boolean;
  /** Half of the logins carry <resume/> and <enable/>. */
  readonly inline?: boolean;
  /** Peers that are inactive now and then, and stanzas that are held back from them. */
  readonly idle?: boolean;
}

export interface Ledger {
  readonly side: 'client' | 'server';
  readonly from: Side;
  readonly to: Side;
  readonly sent: readonly string[];
  /** Acknowledged before the receiving application had handled them: must stay empty. */
  readonly early: readonly string[];
}

export interface Life {
  readonly pair: Pair;
  readonly ledgers: readonly Ledger[];
  readonly log: readonly string[];
  readonly deferred: boolean;
}

const KEPT = 20;

export const live = async (random: Random, kind: Kind): Promise<Life> => {
  const policyFor = (): Policy =>
    policy({
      hibernationTime: KEPT,
      maxUnackedStanzas: random.pick([0, 1, 5]),
      maxInactiveUnackedStanzas: random.pick([0, 3, 256]),
      ackIdle: random.pick([0.2, 2]),
      maxAckDelay: 2,
      deadAfter: 5,
      deferHandling: kind.deferred ?? false,
      initialCount,
    });
  const initialCount = uint32(kind.nearWrap ? 0xfffffffd : 0);
  const slow = random.pick([0, 5, 100, 1500]);
  const pair = createPair({
    policies: { client: policyFor(), server: policyFor() },
    latency: () => random.integer(0, slow),
    inline: () => (kind.inline ?? false) && random.chance(0.5),
    store: createMemoryStore({
      maxHibernatedSessions: kind.timeouts ? random.pick([1, 10]) : 10,
      maxOldSessions: kind.timeouts ? random.pick([1, 10]) : 10,
    }),
  });
  const log: string[] = [];
  const up = openLedger('client', pair.client, pair.server);
  const down = openLedger('server', pair.server, pair.client);
  const ledgers = [up, down];
  let cutSoon = false;

  const connect = async (): Promise<void> => {
    log.push('connect');
    pair.connect();
    cutSoon = random.chance(0.3);
    // Also inside the header, the negotiation, <resume/>, <resumed/> and the replay.
    if (cutSoon) pair.links.at(-1)?.cutAfter(random.pick(['up', 'down'] as const), random.integer(0, 900));
  };

  const act = async (): Promise<void> => {
    const link = pair.links.at(-1);
    const dice = random.next();
    if (dice < 0.45) {
      const ledger = random.pick(ledgers);
      for (let i = random.integer(1, 5); i > 0; i--) ledger.send(kind.idle && random.chance(0.6));
      log.push(`${ledger.side} sends up to ${ledger.sent.at(-1)}`);
    } else if (dice < 0.68) {
      const ms = random.pick([0, 1, 10, 100, 1000, 3000]);
      log.push(`wait ${ms}`);
      await pair.advance(ms);
    } else if (dice < 0.73) {
      log.push('cut');
      link?.cut();
    } else if (dice < 0.79) {
      const way = random.pick(['up', 'down'] as const);
      const characters = random.integer(0, 200);
      log.push(`cut ${way} after ${characters}`);
      link?.cutAfter(way, characters);
    } else if (dice < 0.81) {
      log.push('probe');
      random.pick(ledgers).from.requestAck();
    } else if (dice < 0.84 && kind.halfOpen) {
      log.push('vanish');
      link?.vanish();
    } else if (dice < 0.87 && kind.idle) {
      const state = random.pick(['inactive', 'inactive', 'active'] as const);
      const ledger = random.pick(ledgers);
      log.push(`${ledger.side} hears that its peer is ${state}`);
      ledger.from[state]();
    } else if (dice < 0.9 && kind.timeouts) {
      log.push('wait for expiry');
      // The server alone may know that the link is gone: it expires first, and the client is told so later.
      if (link !== undefined && random.chance(0.6)) {
        link.vanish();
        link.server.destroy();
      }
      await pair.advance(random.pick([KEPT * 1000 - 100, KEPT * 1000, KEPT * 1100]));
    } else if (dice < 0.92) {
      await connect();
    } else {
      if (kind.deferred) for (const ledger of ledgers) ledger.handleSome(random);
    }
    // A client comes back by itself.
    if (!isLinked(pair) && random.chance(0.5)) {
      await pair.advance(random.integer(0, 500));
      await connect();
    }
  };

  await connect();
  for (let i = random.integer(10, 40); i > 0; i--) await act();
  await drain(pair, kind.deferred ? ledgers : [], log);
  return { pair, ledgers, log, deferred: kind.deferred ?? false };
};

interface OpenLedger extends Ledger {
  send(mayWait?: boolean): void;
  handleSome(random: Random): void;
  handleAll(): void;
}

const openLedger = (side: Ledger['side'], from: Side, to: Side): OpenLedger => {
  const sent: string[] = [];
  const handled = new Set<string>();
  const early: string[] = [];
  let waiting: Delivery[] = [];
  let read = 0;
  let checked = 0;
  const look = (): void => {
    for (; checked < from.acknowledged.length; checked++) {
      const key = from.acknowledged[checked];
      if (key !== undefined && !handled.has(key)) early.push(key);
    }
    for (; read < to.delivered.length; read++) {
      const delivery = to.delivered[read];
      if (delivery !== undefined) waiting.push(delivery);
    }
  };
  const handle = (delivery: Delivery): void => {
    // The session may be moving to another connection: the application tries again later.
    if (!to.handle(delivery)) return;
    handled.add(delivery.key);
    waiting = waiting.filter((other) => other !== delivery);
  };
  return {
    side,
    from,
    to,
    sent,
    early,
    send(mayWait) {
      const key = `${side[0]}${sent.length}`;
      if (from.send(key, mayWait)) sent.push(key);
    },
    handleSome(random) {
      look();
      for (let i = random.integer(0, waiting.length); i > 0; i--) handle(random.pick(waiting));
    },
    handleAll() {
      look();
      for (const delivery of waiting) handle(delivery);
    },
  };
};

const isLinked = (pair: Pair): boolean => pair.links.at(-1)?.open === true;

/** Nothing goes wrong any more: whatever can arrive arrives, and what is left of former streams is found out. */
const drain = async (pair: Pair, unhandled: readonly OpenLedger[], log: string[]): Promise<void> => {
  const sides = [pair.client, pair.server];
  for (const link of pair.links) link.cut();
  await pair.advance(3000);
  for (let round = 0; round < 20; round++) {
    if (round > 0 && sides.every(({ state }) => state?.configuration.startsWith('enabled.acking.allAcked'))) break;
    if (!isLinked(pair)) {
      log.push('connect to drain');
      pair.connect();
    }
    await pair.advance(10_000);
    for (const ledger of unhandled) ledger.handleAll();
    for (const side of sides) side.active();
    for (const side of sides) side.requestAck();
    await pair.advance(7_000);
  }
  // Server sessions whose client never came back.
  await pair.advance(KEPT * 2000);
};

/** What is wrong with a life, in words; nothing when nothing is. */
export const faultsOf = ({ pair, ledgers, deferred }: Life): readonly string[] => {
  const faults: string[] = [];
  for (const { side, from, to, sent, early } of ledgers) {
    const delivered = to.delivered.map(({ key }) => key);
    const acknowledged = new Set(from.acknowledged);
    const returned = new Map(from.returned.map((back) => [back.key, back]));
    if (from.acknowledged.length !== acknowledged.size) faults.push(`${side}: acknowledged twice`);
    if (from.returned.length !== returned.size) faults.push(`${side}: returned twice`);
    if (new Set(delivered).size !== delivered.length) faults.push(`${side}: delivered twice ${delivered}`);
    for (const key of sent) {
      const back = returned.get(key);
      if (acknowledged.has(key) && back !== undefined) faults.push(`${key}: acknowledged and returned`);
      if (!acknowledged.has(key) && back === undefined) faults.push(`${key}: neither acknowledged nor returned`);
      if (acknowledged.has(key) && !delivered.includes(key)) faults.push(`${key}: acknowledged, never delivered`);
      if (back?.written === false && delivered.includes(key)) faults.push(`${key}: returned unwritten, delivered`);
    }
    if (deferred) faults.push(...early.map((key) => `${key}: acknowledged before it was handled`));
    faults.push(...orderFaults(side, sent, to.delivered, returned));
    faults.push(...tellTale(side, from, delivered, deferred));
    if (to.delivered.some(({ position }) => position === null)) faults.push(`${side}: delivered uncounted`);
    for (const report of from.reports) {
      // A server refuses to resume what has expired, and rightly so.
      const refusal = side === 'client' ? ['refused'] : [];
      if (['misuse', 'violation', 'toleratedViolation', 'storeFault', ...refusal].includes(report.type)) {
        faults.push(`${side} reports ${JSON.stringify(report)}`);
      }
    }
    if (from.state === undefined || hasTag(from.state, 'over')) faults.push(`${side}: no session in the end`);
  }
  if (pair.serverSessions !== 1) faults.push(`${pair.serverSessions} server sessions are left`);
  return faults;
};

/** Within one session: in the order sent, without a gap. */
const orderFaults = (
  side: string,
  sent: readonly string[],
  deliveries: readonly Delivery[],
  returned: ReadonlyMap<string, { readonly written: boolean }>,
): readonly string[] => {
  const faults: string[] = [];
  const expected = new Map<number, number>();
  for (const { key, session } of deliveries) {
    const index = sent.indexOf(key);
    for (let missing = expected.get(session) ?? index; missing < index; missing++) {
      const gap = sent[missing] ?? '';
      if (returned.get(gap)?.written !== false) faults.push(`${side}: ${key} came before ${gap} in session ${session}`);
    }
    if (index < (expected.get(session) ?? 0)) faults.push(`${side}: ${key} came late in session ${session}`);
    expected.set(session, index + 1);
  }
  return faults;
};

/** A `<failed h/>` tells what arrived: what comes back with it did not. */
const tellTale = (side: string, from: Side, delivered: readonly string[], deferred: boolean): readonly string[] =>
  deferred
    ? []
    : from.reports.flatMap((report, index) => {
        const failure = from.reports[index - 1];
        if (report.type !== 'returned' || report.reason !== 'resumptionFailed') return [];
        if (failure?.type !== 'resumptionFailed' || failure.h === null) return [];
        return report.stanzas
          .filter(({ key }) => delivered.includes(key ?? ''))
          .map(({ key }) => `${side}: <failed h/> did not cover ${key}, which had been delivered`);
      });
