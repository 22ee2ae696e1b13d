/**
 * A connection that another server opened to us: dialback, then a session in which only the other server sends
 * stanzas. On this connection we also verify our own keys, for any server that asks.
 */
import { randomUUID } from 'node:crypto';
import { SM_3 } from '../../index.js';
import type { RunningSession, StreamHeader } from '../../server.js';
import type { Transport } from '../../transport-node.js';
import { CLIENT, type Element, SERVER, serverFraming } from '../../xml.js';
import { AcceptedConnection, type AcceptOptions } from '../accepted-connection.js';
import type { AcceptedSessions, SessionData } from '../accepted-sessions.js';
import { parseJid } from '../jid.js';
import type { StanzaCondition } from '../stanza-error.js';
import { headerFault } from '../stream-header.js';
import { askAuthority, type Verification } from './authority.js';
import { translated } from './content.js';
import type { Address } from './dial.js';
import { domainOf, type ReceivedDialback, readDialback, writeDialback } from './dialback.js';
import type { Keys } from './keys.js';

/** XEP-0220: dialback, with errors that do not end the stream. */
const DIALBACK_FEATURE = "<dialback xmlns='urn:xmpp:features:dialback'><errors/></dialback>";
/** Requests that fail, until the stream ends. */
const MAX_FAILURES = 3;

/** The same for all connections from other servers. */
export interface InboundOptions extends AcceptOptions {
  /** Our own domain. */
  readonly domain: string;
  readonly peers: ReadonlyMap<string, Address>;
  readonly keys: Keys;
  readonly sessions: AcceptedSessions<SessionData>;
  /** Whether a domain may open a further stream. */
  readonly hasRoomFor: (remote: string) => boolean;
  /** A stanza from a verified domain, for ours, in the namespace of clients. */
  readonly accept: (stanza: Element) => RunningSession | undefined;
}

export class InboundConnection extends AcceptedConnection<SessionData> {
  readonly #options: InboundOptions;
  readonly #streamId = randomUUID();
  /** The domain in the other server's stream header, which is not verified. */
  #initiator: string | undefined;
  /** The domain that is verified. */
  #remote: string | undefined;
  /** The host is asking an authority about a key. */
  #isVerifying = false;
  #failures = 0;

  constructor(transport: Transport, options: InboundOptions, run: number) {
    const session = options.sessions.accept({ run, connection: undefined });
    super(transport, serverFraming, session, options);
    session.data.connection = this;
    this.#options = options;
  }

  override streamOpen(header: StreamHeader, defaultXmlns: string): void {
    const { from, to } = header;
    this.#initiator = domainOf(from);
    const fault = headerFault(header, defaultXmlns, SERVER);
    if (domainOf(to) !== this.#options.domain) this.violated('host-unknown');
    else if (from !== undefined && this.#initiator === undefined) this.violated('improper-addressing');
    else if (fault !== undefined) this.violated(fault);
    else this.session.writeUncounted(`<stream:features>${DIALBACK_FEATURE}</stream:features>`);
  }

  /** A stanza, after it was counted (RFC 6120 sections 8.1.1.2 and 8.1.2.2). */
  override take(stanza: Element): void {
    const [from, to] = [hostOf(stanza.attrs.from), hostOf(stanza.attrs.to)];
    if (this.#remote === undefined) this.violated('not-authorized');
    else if (from === undefined || to !== this.#options.domain) this.violated('improper-addressing');
    else if (from !== this.#remote) this.violated('invalid-from');
    else this.waitFor(this.#options.accept(translated(stanza, SERVER, CLIENT)));
  }

  protected override header(): StreamHeader {
    const to = this.#initiator === undefined ? {} : { to: this.#initiator };
    return { from: this.#options.domain, ...to, id: this.#streamId, version: '1.0' };
  }

  protected override negotiate(element: Element): void {
    const dialback = readDialback(element);
    if (dialback === 'misaddressed') this.violated('improper-addressing');
    else if (dialback?.type !== undefined) this.violated('policy-violation', 'nothing was asked of you on this stream');
    else if (dialback?.name === 'verify') this.#vouch(dialback);
    else if (dialback?.name === 'result') this.#verify(dialback);
    else this.violated(this.#remote === undefined ? 'not-authorized' : 'unsupported-stanza-type');
  }

  /** We are the authority for our own domain: was this key made here? */
  #vouch({ from, to, id = '', key }: ReceivedDialback): void {
    const { domain, keys } = this.#options;
    const isOurs = keys.isOurs(key, { receiving: from, originating: to, streamId: id });
    const answer = to === domain ? (isOurs ? 'valid' : 'invalid') : 'item-not-found';
    this.session.writeUncounted(writeDialback({ name: 'verify', from: to, to: from, id, answer }));
  }

  /** The other server sends a key, to be verified for a domain of its own. */
  #verify(request: ReceivedDialback): void {
    const refusal = this.#refusalOf(request);
    const address = this.#options.peers.get(request.from);
    if (refusal !== undefined) this.#refuse(request, refusal);
    else if (address === undefined) this.#refuse(request, 'remote-server-not-found');
    else void this.#askAuthority(request, address);
  }

  #refusalOf({ from, to }: ReceivedDialback): StanzaCondition | undefined {
    const { domain, hasRoomFor } = this.#options;
    if (to !== domain) return 'item-not-found';
    if (from === domain) return 'not-allowed';
    // A stream is for a single domain, and the host asks about one key at a time.
    if (this.#isVerifying || (this.#remote ?? from) !== from) return 'resource-constraint';
    return this.#remote === undefined && !hasRoomFor(from) ? 'resource-constraint' : undefined;
  }

  async #askAuthority(request: ReceivedDialback, address: Address): Promise<void> {
    const { domain, clock, negotiationTime } = this.#options;
    this.#isVerifying = true;
    const answer = await askAuthority({
      address,
      from: domain,
      to: request.from,
      streamId: this.#streamId,
      key: request.key,
      clock,
      // Half of our own limit, because the other server waits for our answer meanwhile.
      patience: negotiationTime / 2,
    });
    // On a dead link the answer has no effect (design law 6).
    this.link.inOrder(() => {
      this.#isVerifying = false;
      this.#conclude(request, answer);
    });
  }

  #conclude(request: ReceivedDialback, answer: Verification): void {
    if (answer === 'valid') this.#verified(request.from);
    else if (answer !== 'invalid') this.#refuse(request, answer);
    else {
      this.#reply(request, 'invalid');
      this.violated('not-authorized', 'the key is not that of the domain');
    }
  }

  /** Only now may the host offer stream management (F-1). It sends features again, because no new stream follows. */
  #verified(remote: string): void {
    this.session.writeUncounted(
      writeDialback({ name: 'result', from: this.#options.domain, to: remote, answer: 'valid' }),
    );
    if (this.#remote !== undefined) return;
    this.#remote = remote;
    this.negotiated();
    this.trustStream();
    this.session.verified(remote);
    this.session.writeUncounted(`<stream:features><sm xmlns='${SM_3}'/></stream:features>`);
  }

  #refuse(request: ReceivedDialback, condition: StanzaCondition): void {
    this.#failures += 1;
    this.#reply(request, condition);
    if (this.#failures >= MAX_FAILURES) this.violated('policy-violation', 'too many attempts to be verified');
  }

  #reply({ from, to }: ReceivedDialback, answer: 'invalid' | StanzaCondition): void {
    this.session.writeUncounted(writeDialback({ name: 'result', from: to, to: from, answer }));
  }
}

const hostOf = (address: string | undefined): string | undefined => parseJid(address ?? '')?.domain;
