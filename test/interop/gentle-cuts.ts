/**
 * Cuts that a server survives: where it loses a session by a fault of its own, a failure would say nothing about us.
 */
import { setTimeout as delay, setImmediate as nextRead } from 'node:timers/promises';
import type { Policy } from '../../src/index.js';
import type { CuttingProxy, ProxiedLink } from '../../src/testing.js';

/**
 * - `any`: as they were planned.
 * - `whole`: by FIN, at an instant at which all that the client has written has gone through, so that nothing half stays with the
 *   server. Never by RST: that may overtake what the server has not read yet. What the client writes afterwards is lost, and so is
 *   what comes for it, half an element too. It cannot come back before the server has closed the connection.
 * - `calm`: so, and nobody sends until then. Then messages wait for the client that is away.
 */
export type Gentleness = 'any' | 'whole' | 'calm';

export const cutWhole = async (proxy: CuttingProxy, link: ProxiedLink): Promise<boolean> => {
  await quiet(() => (link.isClear ? link.bytes.up : Number.NaN), WHOLE);
  return finish(proxy, link);
};

/** The client cannot come back before the server has read everything, and has closed too. */
const finish = async (proxy: CuttingProxy, link: ProxiedLink): Promise<boolean> => {
  proxy.refuse();
  const isMade = await proxy.cut(link, { how: 'fin' });
  await link.closed;
  proxy.accept();
  return isMade;
};

/** Holds back what both sides send while a connection is cut, one at a time. */
export class Calm {
  #held: (() => void)[] | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  /** Sends now, or in its turn when the cut is over. */
  send(act: () => void): void {
    if (this.#held === undefined) act();
    else this.#held.push(act);
  }

  /** @param isLive whether every client has its session */
  cut(proxy: CuttingProxy, link: ProxiedLink, isLive: () => boolean): Promise<boolean> {
    const made = this.#turn.then(async () => {
      this.#held = [];
      try {
        await quiet(() => (isLive() && link.isClear ? link.bytes.up + link.bytes.down : Number.NaN), CALM);
        return await finish(proxy, link);
      } finally {
        const held = this.#held;
        this.#held = undefined;
        for (const act of held) act();
      }
    });
    this.#turn = made;
    return made;
  }
}

/** Waits until this many bytes have stayed as many for so long; NaN never does. */
const quiet = async (bytes: () => number, milliseconds: number): Promise<void> => {
  let before: number;
  do {
    before = bytes();
    await delay(milliseconds);
    await nextRead(); // a timer that is late would not know what has come meanwhile
  } while (bytes() !== before);
};

/** Milliseconds without a byte from the client, which runs in the same process as the proxy: the piece before was a whole one. */
const WHOLE = 5;
/** Milliseconds without a byte either way: the server has nothing to write any more. */
const CALM = 25;

/** Milliseconds that a server has to read to the end and close: then it would be reset. */
export const GENTLE_PATIENCE = 10_000;

/** On a busy machine an answer may be late; a client that gives its connection up resets it. */
export const GENTLE_POLICY: Partial<Policy> = { maxAckDelay: 20, deadAfter: 20 };
