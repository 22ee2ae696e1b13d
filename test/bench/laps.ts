/** What is timed: each lap drives one engine for a tenth of a second and gives nanoseconds. */
import type { Contestant, Session } from './contestants/contestant.js';

/** `queued`: how many stanzas are unacknowledged meanwhile. */
export interface Lap {
  readonly name: keyof typeof laps;
  readonly queued: number;
}

/** Enough to be read off the clock, and how long a lap may take with what it prepares. */
const TIMED_MS = 100;
const LAP_MS = 400;
/** For one run that cannot be interrupted. */
const LONGEST_MS = 1000;

const MOST_IN_A_BURST = 1000;

/** A session with so many stanzas queued. It is kept from lap to lap: a long run is what is measured. */
export const prepare = async (contestant: Contestant, queued: number): Promise<Session> => {
  const session = await contestant.open();
  session.send(queued);
  await session.settled?.();
  return session;
};

/** Each gives nanoseconds per unit, and throws when the engine miscounts. */
export const laps = {
  /** Per stanza received, in bursts. */
  inbound: (session: Session): Promise<number> => {
    const before = session.tally.received;
    let received = 0;
    return repeat(session, () => {
      session.receive(MOST_IN_A_BURST);
      received += MOST_IN_A_BURST;
      return MOST_IN_A_BURST;
    }).finally(() => expect('received', session.tally.received, before + received));
  },

  /**
   * Per stanza sent. The queue grows by a burst, from `queued` to at most twice that, and the peer acknowledges the burst
   * before the next one: that is not timed here, but leaves every engine as a real one is between two bursts.
   */
  outbound: (session: Session, queued: number): Promise<number> => {
    const burst = Math.min(queued, MOST_IN_A_BURST);
    return repeat(
      session,
      () => {
        session.send(burst);
        return burst;
      },
      () => session.acknowledge(burst),
    ).finally(() => expect('queued', session.tally.queued, queued));
  },

  /** Per stanza sent and acknowledged by an `<a/>` of its own. */
  turn: (session: Session, queued: number): Promise<number> =>
    repeat(session, () =>
      manyTimes(MOST_IN_A_BURST, () => {
        session.send(1);
        session.acknowledge(1);
      }),
    ).finally(() => expect('queued', session.tally.queued, queued)),

  /** Per `<a/>` that acknowledges the whole queue. */
  ackAll: (session: Session, queued: number): Promise<number> =>
    repeat(
      session,
      () => {
        session.acknowledge(queued);
        return 1;
      },
      () => {
        expect('queued', session.tally.queued, 0);
        session.send(queued);
      },
    ),

  /** Per `<a/>` of one stanza each, up to 10,000 in a row. */
  ackOne: (session: Session, queued: number): Promise<number> =>
    repeat(
      session,
      () => manyTimes(Math.min(10_000, queued), () => session.acknowledge(1)),
      (units) => {
        expect('queued', session.tally.queued, queued - units);
        session.send(units);
      },
    ),
};

/**
 * @param act is timed; it returns how many units it did
 * @param undo is not
 */
const repeat = async (session: Session, act: () => number, undo?: (units: number) => void): Promise<number> => {
  const until = performance.now() + LAP_MS;
  const look = costOfLooking();
  let ms = 0;
  let units = 0;
  do {
    const start = performance.now();
    const done = act();
    if (session.settled !== undefined) await session.settled();
    ms += performance.now() - start - look;
    units += done;
    undo?.(done);
    if (session.settled !== undefined) await session.settled();
  } while (ms < TIMED_MS && performance.now() < until);
  return (ms / units) * 1e6;
};

/** What it costs to read the clock, in milliseconds: bursts of ten stanzas are short enough for it to show. */
const costOfLooking = (): number => {
  const looks = 1000;
  let ms = 0;
  for (let i = 0; i < looks; i++) {
    const start = performance.now();
    ms += performance.now() - start;
  }
  return ms / looks;
};

/** @returns how many times, if that takes too long */
const manyTimes = (times: number, act: () => void): number => {
  const until = performance.now() + LONGEST_MS;
  for (let done = 1; done <= times; done++) {
    act();
    if (done % 16 === 0 && performance.now() > until) return done;
  }
  return times;
};

const expect = (what: string, counted: number, right: number): void => {
  if (counted !== right) throw new Error(`${what}: ${counted}, not ${right}`);
};
