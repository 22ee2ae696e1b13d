/** A connection that we open to another server, with our stream header on it and theirs checked. */

import { type PeerViolation, peerViolation } from '../../index.js';
import type { Transport } from '../../ports/index.js';
import type { Stream } from '../../session/running-session.js';
import { connect } from '../../transports/node.js';
import { createStreamParser, type Element, SERVER, serverFraming } from '../../xml.js';
import { UNAUTHENTICATED } from '../receiving.js';
import { domainOf } from './dialback.js';

/** Where another server awaits servers. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface DialOptions {
  readonly address: Address;
  /** Our domain, and the one we want to talk to. */
  readonly from: string;
  readonly to: string;
}

/** `lost` comes exactly once, last; without a connection it is all that comes. */
export interface DialListener {
  /** There is a connection, and our header is on it. */
  connected(): void;
  /** The other server has opened its stream, and gave it this id. */
  opened(streamId: string): void;
  element(element: Element): void;
  streamClose(): void;
  violation(violation: PeerViolation): void;
  lost(): void;
}

/** How long it may take is the caller's to say: `destroy` ends it in every state. */
export const dial = ({ address, from, to }: DialOptions, listener: DialListener): Stream => {
  let transport: Transport | undefined;
  let over = false;

  const end = (): void => {
    if (over) return;
    over = true;
    parser.close();
    listener.lost();
  };

  const destroy = (): void => {
    parser.close();
    if (transport === undefined) end();
    else transport.destroy();
  };

  const open = (attributes: Readonly<Record<string, string>>, defaultXmlns: string): void => {
    const fault = headerFault(attributes, defaultXmlns, to);
    if (fault === undefined) listener.opened(attributes.id ?? '');
    else listener.violation(fault);
  };

  const parser = createStreamParser(UNAUTHENTICATED, {
    streamOpen: open,
    element: (element) => listener.element(element),
    streamClose: () => listener.streamClose(),
    violation: (violation) => listener.violation(violation),
  });

  connect(address, {
    data: (text) => parser.write(text),
    closed: end,
  }).then((connected) => {
    transport = connected;
    if (over) transport.destroy();
    else {
      transport.write(serverFraming.header({ from, to, version: '1.0' }));
      listener.connected();
    }
  }, end);

  return {
    write: (xml) => transport?.write(xml),
    close() {
      parser.close();
      transport?.write(serverFraming.footer);
      if (transport === undefined) end();
      else transport.end();
    },
    destroy,
    pause: () => transport?.pause(),
    resume: () => transport?.resume(),
  };
};

const headerFault = (
  { id, from, version }: Readonly<Record<string, string>>,
  defaultXmlns: string,
  asked: string,
): PeerViolation | undefined => {
  if (defaultXmlns !== SERVER) return peerViolation('invalid-namespace', `between servers it is ${SERVER}`);
  if (!/^1[.]\d+$/.test(version ?? '')) return peerViolation('unsupported-version', '');
  if (from !== undefined && domainOf(from) !== asked) return peerViolation('invalid-from', `this is not ${asked}`);
  return id ? undefined : peerViolation('undefined-condition', 'a stream without an id');
};
