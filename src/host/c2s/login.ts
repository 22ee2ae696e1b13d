/**
 * SASL on one stream: a few attempts of a client to authenticate. There are two profiles: SASL of RFC 6120 section 6,
 * and SASL2 (XEP-0388), which can contain further requests and has other elements.
 *
 * A login belongs to its link: when the stream is closed or the connection gone, the answer of a mechanism has no effect.
 */
import type { Proof } from '../../sasl2.js';
import type { Transport } from '../../transport-node.js';
import { type Element, SASL_2 } from '../../xml.js';
import type { Accounts } from '../accounts.js';
import { bareJid, parseJid } from '../jid.js';
import { mechanismsFor, type SaslAnswer, type SaslCondition, type SaslExchange, startSasl } from '../sasl/index.js';

export const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
/** RFC 6120 section 6.4.4 recommends 2 to 5. */
const MAX_FAILURES = 3;

/** Whether the connection to the client is secure. */
export type Security = Pick<Transport, 'secure' | 'loopback'>;

export interface LoginOptions {
  readonly accounts: Accounts;
  readonly domain: string;
  /** The `from` of the client's stream header, which is not verified. */
  readonly claimed: string | undefined;
  /** The mechanisms that this connection may use in a profile, SASL or SASL2. */
  offered(xmlns: string): readonly string[];
  /** Runs what follows from the answer of a mechanism; a dead link drops it (design law 6). */
  inOrder(act: () => void): void;
  write(xml: string): void;
  /** The client has authenticated; the caller writes `<success/>`. */
  succeeded(proof: Proof): void;
  /** The client failed too often: the caller closes its stream. */
  failed(): void;
  /** The client's last element has its answer: input that came meanwhile can go on. */
  answered(): void;
}

/** The mechanisms that a connection may use in a profile: without TLS there is no SASL2 (XEP-0388 section 4). */
export const mechanismsOn = ({ secure, loopback }: Security, xmlns: string): readonly string[] =>
  xmlns === SASL_2 && !secure ? [] : mechanismsFor(secure || loopback);

/** An element of either profile. */
export const isLogin = (element: Element): boolean => element.getNS() === SASL || element.getNS() === SASL_2;

export class Login {
  readonly #options: LoginOptions;
  /** The present attempt. */
  #attempt: Attempt | undefined;
  /** The mechanism computes an answer. */
  #isBusy = false;
  #hasBegun = false;
  #failures = 0;

  constructor(options: LoginOptions) {
    this.#options = options;
  }

  /** The answer to the client's last element is still being computed, and further input waits for it. With SASL2 the client must wait. */
  get isBusy(): boolean {
    return this.#isBusy && !this.isExclusive;
  }

  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** A SASL2 exchange is in progress: the client may send no other element (XEP-0388 section 2.4). */
  get isExclusive(): boolean {
    return this.#attempt?.xmlns === SASL_2;
  }

  /** An element of either profile. When another element comes before the answer, it is a malformed request. */
  receive(element: Element): void {
    this.#hasBegun = true;
    const xmlns = String(element.getNS());
    if (element.getName() === 'abort') this.#abort(xmlns);
    else if (element.is('auth', SASL) || element.is('authenticate', SASL_2)) this.#begin(element, xmlns);
    else this.#step(element, xmlns);
  }

  #begin(request: Element, xmlns: string): void {
    const mechanism = String(request.attrs.mechanism);
    const isOffered = !this.#isBusy && this.#options.offered(xmlns).includes(mechanism);
    const exchange = isOffered ? startSasl(mechanism, this.#options) : undefined;
    this.#attempt = exchange && { exchange, xmlns, request };
    if (exchange === undefined) this.#refuse(xmlns, 'invalid-mechanism');
    else this.#step(request, xmlns);
  }

  #step(element: Element, xmlns: string): void {
    const attempt = this.#attempt;
    if (attempt === undefined || this.#isBusy || attempt.xmlns !== xmlns) {
      this.#refuse(xmlns, 'malformed-request');
      return;
    }
    this.#isBusy = true;
    attempt.exchange
      .step(textOf(element))
      .catch((): SaslAnswer => ({ type: 'failure', condition: 'temporary-auth-failure' }))
      .then((answer) =>
        this.#options.inOrder(() => {
          this.#isBusy = false;
          this.#answer(attempt, answer);
          this.#options.answered();
        }),
      );
  }

  #answer({ xmlns, request }: Attempt, answer: SaslAnswer): void {
    switch (answer.type) {
      case 'challenge':
        this.#options.write(`<challenge xmlns='${xmlns}'>${answer.data}</challenge>`);
        break;
      case 'success': {
        const account = `${answer.username}@${this.#options.domain}`;
        if (xmlns === SASL_2 && !this.#isClaimed(account)) this.#refuse(xmlns, 'invalid-authzid');
        else {
          this.#attempt = undefined;
          this.#options.succeeded({ account, data: answer.data, request });
        }
        break;
      }
      case 'failure':
        this.#refuse(xmlns, answer.condition);
    }
  }

  #abort(xmlns: string): void {
    this.#attempt?.exchange.abort();
    this.#refuse(xmlns, 'aborted');
  }

  #refuse(xmlns: string, condition: SaslCondition): void {
    this.#attempt = undefined;
    this.#failures += 1;
    const namespace = xmlns === SASL ? '' : ` xmlns='${SASL}'`;
    this.#options.write(`<failure xmlns='${xmlns}'><${condition}${namespace}/></failure>`);
    if (this.#failures >= MAX_FAILURES) this.#options.failed();
  }

  /** XEP-0388 section 2.3: a client must log in as the user that its stream header names. */
  #isClaimed(account: string): boolean {
    const { claimed } = this.#options;
    if (claimed === undefined) return true;
    const jid = parseJid(claimed);
    return jid !== undefined && bareJid(jid) === account;
  }
}

/** One exchange, with the element that began it. */
interface Attempt {
  readonly exchange: SaslExchange;
  readonly xmlns: string;
  readonly request: Element;
}

/** An initial response has an element of its own in SASL2. */
const textOf = (element: Element): string =>
  (element.is('authenticate', SASL_2)
    ? (element.getChildText('initial-response', SASL_2) ?? '')
    : element.getText()
  ).trim();
