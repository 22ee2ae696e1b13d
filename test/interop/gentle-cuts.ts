/**
 * Cuts that leave nothing half with a server: where a server does not survive half an element, or half a frame, of a connection
 * that broke, a failure would say nothing about us.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Cut, CuttingProxy, Link } from '../../src/testing/index.js';

/**
 * By FIN, or in silence, at an instant at which all that the client has written has gone through. Never by RST: that may overtake
 * what the server has not read yet. What the client writes afterwards is lost, and so is what comes for it, half an element too.
 */
export const cutGently = async (proxy: CuttingProxy, link: Link, cut: Cut): Promise<boolean> => {
  let written: number;
  do {
    written = link.bytes.up;
    await delay(QUIET);
  } while (link.bytes.up > written);
  return proxy.cut(link, cut.how === 'half-open' ? cut : { how: 'fin' });
};

/** Milliseconds without a byte from the client, which runs in the same process as the proxy: the piece before was a whole one. */
const QUIET = 4;

/** Milliseconds that a server has to read to the end and close: then it would be reset. */
export const GENTLE_PATIENCE = 10_000;
