/** The probe finds the features of a server before the checks run. */
import type { Client } from './client.js';
import type { Facts } from './facts.js';
import { CannotRun, Finding } from './finding.js';
import type { Server } from './server.js';
import type { Target } from './target.js';
import { anyOf, failedCondition, sm } from './wire/conditions.js';
import { childOf, type Element } from './wire/element.js';
import { NS } from './wire/namespaces.js';
import { speaksTls } from './wire/speaks-tls.js';

/** @returns rejects with CannotRun when the checks cannot run; its message gives the reason in one line */
export const findFacts = async (server: Server, where: string, target: Target): Promise<Facts> => {
  const client = await reach(server, where, target);
  const before = client.features;
  await enter(client);
  const after = client.features;
  if (childOf(after, 'sm', NS.sm) === undefined) {
    throw new CannotRun(
      `${where} offers no stream management: there is no <sm xmlns='${NS.sm}'/> in its stream features`,
    );
  }
  await step('bind a resource', () => client.bind());
  const enabled = await step('enable stream management', async () => {
    client.send(`<enable xmlns='${NS.sm}' ${server.brief}/>`);
    const answer = await client.receive('<enabled/>', anyOf(sm('enabled'), sm('failed')));
    if (answer.name === 'enabled') client.began(answer);
    return answer;
  });
  if (enabled.name === 'failed') {
    throw new CannotRun(`${where} does not enable stream management: ${failedCondition(enabled) ?? 'no reason given'}`);
  }
  await client.close();
  const other = await step('connect', () => server.connect('juliet'));
  await enter(other);
  await other.close();
  return { ...offers(before, after), ...granted(enabled) };
};

const reach = async (server: Server, where: string, target: Target): Promise<Client> => {
  const client = await server.connect('romeo').catch(async (error) => {
    throw new CannotRun((await tlsAdvice(where, target, server)) ?? `cannot connect to ${where}: ${foundBy(error)}`);
  });
  await client.begin().catch(async (error) => {
    const advice = await tlsAdvice(where, target, server);
    throw new CannotRun(advice ?? `${where} does not answer as an XMPP server does: ${foundBy(error)}`);
  });
  return client;
};

/** Advice for the user when the server expects TLS from the first byte and the check connects without TLS. */
const tlsAdvice = async (where: string, target: Target, { patience }: Server): Promise<string | undefined> => {
  const { transport } = target;
  if (transport === 'tls' || transport === 'wss' || !(await speaksTls(target, patience))) return undefined;
  const remedy = transport === 'ws' ? 'give --server a URL with wss:' : 'reach it with --transport tls';
  return `${where} expects TLS from the first byte: ${remedy}`;
};

const enter = async (client: Client): Promise<void> => {
  await client.authenticate().catch((error) => {
    throw new CannotRun(`cannot log in as ${client.account.jid}: ${foundBy(error)}`);
  });
};

const step = async <T>(what: string, act: () => Promise<T>): Promise<T> =>
  act().catch((error) => {
    throw new CannotRun(`cannot ${what}: ${foundBy(error)}`);
  });

const foundBy = (error: unknown): string => {
  const found = error instanceof Finding ? error.found : error instanceof Error ? error.message : String(error);
  return /certificate/i.test(found) ? `${found} (--insecure takes any certificate)` : found;
};

const offers = (before: Element, after: Element) => {
  const sasl2 = childOf(before, 'authentication', NS.sasl2);
  const inline = childOf(sasl2, 'inline');
  return {
    csi: childOf(after, 'csi', NS.csi) !== undefined,
    sasl2: sasl2 !== undefined,
    inlineResume: childOf(inline, 'sm', NS.sm) !== undefined,
    inlineEnable: within(childOf(inline, 'bind', NS.bind2)).some(
      ({ name, attrs }) => name === 'feature' && attrs.var === NS.sm,
    ),
  };
};

const within = (element: Element | undefined): readonly Element[] =>
  element === undefined ? [] : [element, ...element.children.flatMap(within)];

const granted = ({ attrs: { id, resume, max } }: Element) => ({
  resumable: id !== undefined && ['true', '1'].includes(resume ?? ''),
  lifetime: max !== undefined && /^\d+$/.test(max) ? Number(max) : undefined,
});
