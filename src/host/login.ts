/** One client's way through SASL (RFC 6120 section 6): elements in, elements out, a few tries. */
import type { Element } from '../xml/index.js';
import type { Accounts } from './accounts.js';
import { type SaslAnswer, type SaslExchange, startSasl } from './sasl/index.js';

const NS_SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
/** RFC 6120 section 6.4.4 recommends 2 to 5. */
const MAX_FAILURES = 3;

export interface LoginOptions {
  readonly accounts: Accounts;
  readonly domain: string;
  /** The mechanisms this connection may use. */
  offered(): readonly string[];
  write(xml: string): void;
  /** The client authenticated as this bare JID. */
  succeeded(account: string): void;
  /** It failed too often: close the stream. */
  failed(): void;
}

export interface Login {
  /** An element in the SASL namespace. While one is being answered, others are malformed requests. */
  receive(element: Element): void;
}

export const startLogin = (options: LoginOptions): Login => {
  let exchange: SaslExchange | undefined;
  let busy = false;
  let failures = 0;

  const answer = (reply: SaslAnswer): void => {
    switch (reply.type) {
      case 'challenge':
        options.write(`<challenge xmlns='${NS_SASL}'>${reply.data}</challenge>`);
        break;
      case 'success':
        options.write(`<success xmlns='${NS_SASL}'>${reply.data ?? ''}</success>`);
        options.succeeded(`${reply.username}@${options.domain}`);
        break;
      case 'failure':
        exchange = undefined;
        failures += 1;
        options.write(`<failure xmlns='${NS_SASL}'><${reply.condition}/></failure>`);
        if (failures >= MAX_FAILURES) options.failed();
    }
  };

  const step = (text: string): void => {
    if (exchange === undefined || busy) {
      answer({ type: 'failure', condition: 'malformed-request' });
      return;
    }
    busy = true;
    exchange
      .step(text)
      .then(answer, () => answer({ type: 'failure', condition: 'temporary-auth-failure' }))
      .finally(() => {
        busy = false;
      });
  };

  const begin = (mechanism: string): SaslExchange | undefined =>
    options.offered().includes(mechanism) ? startSasl(mechanism, options) : undefined;

  return {
    receive(element) {
      const name = element.getName();
      if (name === 'abort') {
        answer(exchange?.abort() ?? { type: 'failure', condition: 'aborted' });
        return;
      }
      if (name === 'auth') exchange = busy ? undefined : begin(String(element.attrs.mechanism));
      if (name === 'auth' && exchange === undefined) answer({ type: 'failure', condition: 'invalid-mechanism' });
      else step(element.getText().trim());
    },
  };
};
