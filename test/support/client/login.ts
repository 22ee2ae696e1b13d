/** One stream up to the point where a resource may be bound or a session resumed. */
import type { Element } from '../../../src/xml.js';
import { plain, type SaslClient, scram } from './sasl.js';

export interface Credentials {
  readonly user: string;
  readonly password: string;
  readonly mechanism: SaslClient['mechanism'];
}

export interface LoginActions {
  /** Writes an element. */
  write(xml: string): void;
  /** Opens the stream, the first time and anew. */
  open(): void;
  /** Undefined where the stream is encrypted from the start, or never. */
  readonly startTls?: (() => void) | undefined;
  authenticated(): void;
  /** The server cannot check the password now: another attempt may succeed. */
  tryAgain(): void;
  /** Stream features came, after authentication. */
  ready(): void;
}

export class Login {
  readonly #actions: LoginActions;
  readonly #sasl: SaslClient;
  #stage: 'clear' | 'encrypted' | 'authenticated';

  constructor({ user, password, mechanism }: Credentials, actions: LoginActions) {
    this.#actions = actions;
    this.#stage = actions.startTls === undefined ? 'encrypted' : 'clear';
    this.#sasl = (mechanism === 'PLAIN' ? plain : scram)(user, password);
  }

  /** @throws Error when the server does not let it in */
  take(element: Element): void {
    const { write, open, startTls, authenticated } = this.#actions;
    if (element.name === 'features' || element.name === 'stream:features') this.#next();
    else if (element.is('proceed', TLS)) {
      this.#stage = 'encrypted';
      startTls?.();
      open();
    } else if (element.is('challenge', SASL)) {
      write(`<response xmlns='${SASL}'>${base64(this.#sasl.answer(textOf(element)))}</response>`);
    } else if (element.is('success', SASL)) {
      this.#sasl.check(textOf(element));
      this.#stage = 'authenticated';
      authenticated();
      open();
    } else if (element.is('failure', SASL) && element.getChild('temporary-auth-failure') !== undefined) {
      this.#actions.tryAgain();
    } else throw new Error(`the server does not let the client in: ${element}`);
  }

  #next(): void {
    const { write, ready } = this.#actions;
    const { mechanism, first } = this.#sasl;
    if (this.#stage === 'authenticated') ready();
    else if (this.#stage === 'clear') write(`<starttls xmlns='${TLS}'/>`);
    else write(`<auth xmlns='${SASL}' mechanism='${mechanism}'>${base64(first)}</auth>`);
  }
}

const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
const TLS = 'urn:ietf:params:xml:ns:xmpp-tls';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const textOf = (element: Element): string => Buffer.from(element.getText(), 'base64').toString();
