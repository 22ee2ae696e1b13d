/**
 * One client's way through SASL: elements in, elements out, a few tries. Both profiles are spoken: that of RFC 6120 section 6,
 * and SASL2 (XEP-0388), which carries more and wraps it differently.
 */

import type { Transport } from '../ports/index.js';
import type { Proof } from '../session/sasl2.js';
import type { Element } from '../xml.js';
import { SASL_2 } from '../xml.js';
import type { Accounts } from './accounts.js';
import { bareJid, parseJid } from './jid.js';
import { mechanismsFor, type SaslAnswer, type SaslExchange, startSasl } from './sasl/index.js';

export const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
/** RFC 6120 section 6.4.4 recommends 2 to 5. */
const MAX_FAILURES = 3;

export interface LoginOptions {
  readonly accounts: Accounts;
  readonly domain: string;
  /** The mechanisms this connection may use in a profile, SASL or SASL2. */
  offered(xmlns: string): readonly string[];
  write(xml: string): void;
  /** The `from` of the stream header. */
  claimed(): string | undefined;
  /** The client has proved who it is: what it is told, and what follows, is the caller's. */
  succeeded(proof: Proof): void;
  /** It failed too often: close the stream. */
  failed(): void;
}

export interface Login {
  /** An element in the namespace of either profile. While one is being answered, others are malformed requests. */
  receive(element: Element): void;
  /** A SASL2 exchange is under way: the client has nothing else to say (XEP-0388 section 2.4). */
  readonly isExclusive: boolean;
}

/** The mechanisms a connection may use in a profile; SASL2 is never spoken without TLS (XEP-0388 section 4). */
export const mechanismsOn = ({ secure, loopback }: Transport, xmlns: string): readonly string[] =>
  xmlns === SASL_2 && !secure ? [] : mechanismsFor(secure || loopback);

export const startLogin = (options: LoginOptions): Login => {
  let exchange: SaslExchange | undefined;
  let request: Element | undefined;
  let busy = false;
  let done = false;
  let failures = 0;

  const answer = (xmlns: string, reply: SaslAnswer): void => {
    switch (reply.type) {
      case 'challenge':
        options.write(`<challenge xmlns='${xmlns}'>${reply.data}</challenge>`);
        break;
      case 'success': {
        const account = `${reply.username}@${options.domain}`;
        if (request === undefined) break;
        if (request.getNS() === SASL_2 && !isClaimed(account, options.claimed())) {
          answer(xmlns, { type: 'failure', condition: 'invalid-authzid' });
          break;
        }
        done = true;
        options.succeeded({ account, data: reply.data, request });
        break;
      }
      case 'failure':
        exchange = undefined;
        failures += 1;
        options.write(
          `<failure xmlns='${xmlns}'><${reply.condition}${xmlns === SASL ? '' : ` xmlns='${SASL}'`}/></failure>`,
        );
        if (failures >= MAX_FAILURES) options.failed();
    }
  };

  const step = (xmlns: string, text: string): void => {
    if (exchange === undefined || busy || request?.getNS() !== xmlns) {
      answer(xmlns, { type: 'failure', condition: 'malformed-request' });
      return;
    }
    busy = true;
    exchange
      .step(text)
      .then(
        (reply) => answer(xmlns, reply),
        () => answer(xmlns, { type: 'failure', condition: 'temporary-auth-failure' }),
      )
      .finally(() => {
        busy = false;
      });
  };

  const begin = (xmlns: string, mechanism: string): SaslExchange | undefined =>
    options.offered(xmlns).includes(mechanism) ? startSasl(mechanism, options) : undefined;

  return {
    receive(element) {
      const xmlns = String(element.getNS());
      if (element.getName() === 'abort') {
        answer(xmlns, exchange?.abort() ?? { type: 'failure', condition: 'aborted' });
        return;
      }
      const begins = element.is('auth', SASL) || element.is('authenticate', SASL_2);
      if (begins) {
        exchange = busy ? undefined : begin(xmlns, String(element.attrs.mechanism));
        request = element;
      }
      if (begins && exchange === undefined) answer(xmlns, { type: 'failure', condition: 'invalid-mechanism' });
      else step(xmlns, textOf(element));
    },
    get isExclusive() {
      return exchange !== undefined && !done && request?.getNS() === SASL_2;
    },
  };
};

/** An initial response has an element of its own in SASL2. */
const textOf = (element: Element): string =>
  (element.is('authenticate', SASL_2)
    ? (element.getChildText('initial-response', SASL_2) ?? '')
    : element.getText()
  ).trim();

/** XEP-0388 section 2.3: whoever said who it is in the stream header has to be that one. */
const isClaimed = (account: string, from: string | undefined): boolean => {
  const jid = from === undefined ? undefined : parseJid(from);
  return from === undefined || (jid !== undefined && bareJid(jid) === account);
};
