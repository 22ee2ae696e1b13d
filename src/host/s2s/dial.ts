/** A connection that we open to another server: it writes our stream header and checks the header of the other server. */
import { type PeerViolation, peerViolation } from '../../index.js';
import { Outbox, type Stream, type StreamHeader } from '../../server.js';
import { connect, type Transport, type TransportListener } from '../../transport-node.js';
import { createStreamParser, SERVER, type StreamListener, type StreamParser, serverFraming } from '../../xml.js';
import { UNAUTHENTICATED } from '../accepted-connection.js';
import { headerFault } from '../stream-header.js';
import { domainOf } from './dialback.js';

/** The address on which another server accepts servers. */
export interface Address {
  readonly host: string;
  readonly port: number;
}

export interface DialOptions {
  readonly address: Address;
  /** Our domain, and the domain of the other server. */
  readonly from: string;
  readonly to: string;
}

/** `lost` comes exactly once, as the last call. When the connection cannot be opened, it is the only call. */
export interface DialListener extends Omit<StreamListener, 'streamOpen'> {
  /** There is a connection, and our header is written. */
  connected(): void;
  /** The other server has opened its stream, and gave the stream this id. */
  opened(streamId: string): void;
  lost(): void;
  /** Whether the session has every stanza that waits in its queue; without this method 15 MiB that wait end the connection. */
  isQueued?(): boolean;
}

/** The caller decides how long it may take: `destroy` ends it in every state. */
export class DialedStream implements Stream, TransportListener {
  readonly #options: DialOptions;
  readonly #listener: DialListener;
  readonly #parser: StreamParser;
  /** Undefined until there is a connection. */
  #transport: Transport | undefined;
  #outbox: Outbox | undefined;
  #isOver = false;

  constructor(options: DialOptions, listener: DialListener) {
    this.#options = options;
    this.#listener = listener;
    this.#parser = createStreamParser(UNAUTHENTICATED, {
      streamOpen: (header, defaultXmlns) => this.#open(header, defaultXmlns),
      element: (element, size) => listener.element(element, size),
      streamClose: () => listener.streamClose(),
      violation: (violation) => listener.violation(violation),
    });
    connect(options.address, this).then(
      (transport) => this.#connected(transport),
      () => this.closed(),
    );
  }

  write(xml: string): void {
    this.#outbox?.write(xml);
  }

  drained(): void {
    this.#outbox?.drained();
  }

  close(): void {
    this.#parser.close();
    if (this.#outbox === undefined) this.closed();
    else this.#outbox.end(serverFraming.footer);
  }

  destroy(): void {
    this.#parser.close();
    if (this.#transport === undefined) this.closed();
    else this.#transport.destroy();
  }

  pause(): void {
    this.#transport?.pause();
  }

  resume(): void {
    this.#transport?.resume();
  }

  data(text: string): void {
    this.#parser.write(text);
  }

  /** There is no connection, or it is lost. */
  closed(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#parser.close();
    this.#listener.lost();
  }

  #connected(transport: Transport): void {
    this.#transport = transport;
    this.#outbox = new Outbox(transport, () => this.#listener.isQueued?.() ?? false);
    const { from, to } = this.#options;
    if (this.#isOver) transport.destroy();
    else {
      transport.write(serverFraming.header({ from, to, version: '1.0' }));
      this.#listener.connected();
    }
  }

  #open(header: StreamHeader, defaultXmlns: string): void {
    const fault = faultOf(header, defaultXmlns, this.#options.to);
    if (fault === undefined) this.#listener.opened(header.id ?? '');
    else this.#listener.violation(fault);
  }
}

const faultOf = (header: StreamHeader, defaultXmlns: string, asked: string): PeerViolation | undefined => {
  const { id, from } = header;
  const fault = headerFault(header, defaultXmlns, SERVER);
  if (fault !== undefined)
    return peerViolation(fault, fault === 'invalid-namespace' ? `between servers it is ${SERVER}` : '');
  if (from !== undefined && domainOf(from) !== asked) return peerViolation('invalid-from', `this is not ${asked}`);
  return id ? undefined : peerViolation('undefined-condition', 'a stream without an id');
};
