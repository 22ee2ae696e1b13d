/** What a server offers: found out once, before the checks. */
import type { Client } from './client.js';
import { CannotRun, Finding } from './finding.js';
import type { Server } from './server.js';
import { anyOf, failedCondition, sm } from './wire/conditions.js';
import { childOf, type Element } from './wire/element.js';
import { NS } from './wire/namespaces.js';

export interface Facts {
  /** Whether sessions can be resumed. */
  readonly resumable: boolean;
  /** Seconds that a session is kept whose client asks for a short time; undefined when the server does not say. */
  readonly lifetime: number | undefined;
  readonly csi: boolean;
  readonly sasl2: boolean;
  readonly inlineResume: boolean;
  readonly inlineEnable: boolean;
}

/** Before anything is known. */
export const NO_FACTS: Facts = {
  resumable: false,
  lifetime: undefined,
  csi: false,
  sasl2: false,
  inlineResume: false,
  inlineEnable: false,
};

/** @returns rejects with CannotRun: one line that says why nothing can be checked */
export const findFacts = async (server: Server, where: string): Promise<Facts> => {
  const client = await reach(server, where);
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

const reach = async (server: Server, where: string): Promise<Client> => {
  const client = await server.connect('romeo').catch((error) => {
    throw new CannotRun(`cannot connect to ${where}: ${foundBy(error)}`);
  });
  await client.begin().catch((error) => {
    throw new CannotRun(`${where} does not answer as an XMPP server does: ${foundBy(error)}`);
  });
  return client;
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
  if (error instanceof Finding) return error.found;
  return error instanceof Error ? error.message : String(error);
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
