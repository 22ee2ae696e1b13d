/**
 * The stream with which a receiving entity answers on a connection (RFC 6120 section 4.2): its header goes ahead of the first
 * thing that is written.
 */

import type { Transport } from '../ports/index.js';
import type { Stream } from '../session/running-session.js';
import type { Framing } from '../xml.js';
import { GONE } from './gone.js';

export interface ResponseStream extends Required<Omit<Stream, 'carry'>> {
  /** What it goes over; nothing of it is kept when it is gone. */
  readonly transport: Transport;
  /** The next thing that is written begins another stream. */
  restart(): void;
  /** The connection is gone. */
  lost(): void;
}

/** @param header the attributes of a stream header, each time one is written */
export const respond = (
  accepted: Transport,
  framing: Framing,
  header: () => Readonly<Record<string, string>>,
): ResponseStream => {
  let transport = accepted;
  let hasBegun = false;

  const begin = (): void => {
    if (hasBegun) return;
    hasBegun = true;
    transport.write(framing.header(header()));
  };

  return {
    get transport() {
      return transport;
    },
    write(xml) {
      begin();
      transport.write(framing.frame(xml));
    },
    close() {
      begin();
      transport.write(framing.footer);
      transport.end();
    },
    destroy: () => transport.destroy(),
    pause: () => transport.pause(),
    resume: () => transport.resume(),
    restart() {
      hasBegun = false;
    },
    lost() {
      transport = GONE;
    },
  };
};
