/** The login methods: SASL (RFC 6120 section 6) and SASL2 (XEP-0388). */
import { fail } from './finding.js';
import type { XmppStream } from './stream.js';
import { childOf, type Element } from './wire/element.js';
import { NS } from './wire/namespaces.js';
import { type Credentials, chooseMechanism, type SaslClient, startSasl } from './wire/sasl.js';

export interface LoginOptions extends Credentials {
  /** Whether the client may send a password in clear: inside TLS, or to this machine. */
  readonly plain: boolean;
  /** Whether to use the cheapest mechanism: hundreds of SCRAM computations would take longer than the checks. */
  readonly cheap: boolean;
}

/** Logs in; after that the server expects a new stream header. */
export const logIn = async (stream: XmppStream, features: Element, options: LoginOptions): Promise<void> => {
  const sasl = start(offeredIn(features), options);
  stream.send(`<auth xmlns='${NS.sasl}' mechanism='${sasl.mechanism}'>${sasl.initial}</auth>`);
  const success = await converse(stream, sasl, NS.sasl);
  if (!sasl.verify(success.text)) unproven();
};

/** The login by PLAIN, the only mechanism that takes a single message; undefined when PLAIN cannot be used. */
export const singleMessage = (features: Element, options: LoginOptions): string | undefined => {
  if (!options.plain || !offeredIn(features).includes('PLAIN')) return undefined;
  return `<auth xmlns='${NS.sasl}' mechanism='PLAIN'>${startSasl('PLAIN', options).initial}</auth>`;
};

/** Logs in by SASL2, with these elements inside `<authenticate/>`. @returns `<success/>` */
export const logInInline = async (
  stream: XmppStream,
  features: Element,
  options: LoginOptions,
  inside: readonly string[],
): Promise<Element> => {
  const offered = childOf(features, 'authentication', NS.sasl2)?.children ?? [];
  const sasl = start(
    offered.filter(({ name }) => name === 'mechanism').map(({ text }) => text),
    options,
  );
  const initial = `<initial-response>${sasl.initial}</initial-response>`;
  stream.send(
    `<authenticate xmlns='${NS.sasl2}' mechanism='${sasl.mechanism}'>${initial}${inside.join('')}</authenticate>`,
  );
  const success = await converse(stream, sasl, NS.sasl2);
  if (!sasl.verify(childOf(success, 'additional-data')?.text ?? '')) unproven();
  return success;
};

/** Upgrades to TLS; after that the server expects a new stream header. */
export const startTls = async (stream: XmppStream, features: Element): Promise<void> => {
  if (childOf(features, 'starttls', NS.tls) === undefined) fail('STARTTLS in the stream features', 'none');
  stream.send(`<starttls xmlns='${NS.tls}'/>`);
  await stream.receive('<proceed/>', ({ ns, name }) => ns === NS.tls && name === 'proceed');
  await stream.secure();
};

const start = (offered: readonly string[], options: LoginOptions): SaslClient => {
  const mechanism = chooseMechanism(offered, options.plain, options.cheap);
  if (mechanism !== undefined) return startSasl(mechanism, options);
  return fail('a login mechanism that can be used here', offered.length === 0 ? 'none' : `only ${offered.join(', ')}`);
};

const converse = async (stream: XmppStream, sasl: SaslClient, xmlns: string): Promise<Element> => {
  for (;;) {
    const answer = await stream.receive('an answer to the login', ({ ns }) => ns === xmlns);
    if (answer.name === 'success') return answer;
    if (answer.name !== 'challenge') return fail('to log in', answer.children[0]?.name ?? answer.name);
    stream.send(`<response xmlns='${xmlns}'>${await sasl.respond(answer.text)}</response>`);
  }
};

const unproven = (): never => fail('a server that proves that it knows the password', 'a wrong signature');

const offeredIn = (features: Element): readonly string[] =>
  childOf(features, 'mechanisms', NS.sasl)?.children.map(({ text }) => text) ?? [];
