/** Clients that log in and lose their connections at random, on a host without ports, with a password check and a store that are slow. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Accounts } from '../../../src/host/accounts.js';
import { ClientConnection } from '../../../src/host/c2s/connection.js';
import { createClientSessions } from '../../../src/host/c2s/sessions.js';
import { Connections } from '../../../src/host/connections.js';
import { Hub } from '../../../src/host/hub.js';
import { formatJid } from '../../../src/host/jid.js';
import { Pressure } from '../../../src/host/pressure.js';
import { policy as policyWith, type Report } from '../../../src/index.js';
import type { SessionStore } from '../../../src/ports/index.js';
import { createMemoryStore } from '../../../src/stores/memory.js';
import type { Random } from '../../../src/testing/random.js';
import { createVirtualClock } from '../../../src/testing/virtual-clock.js';
import { tcpFraming } from '../../../src/xml.js';
import { HEADER, message, resume, SM } from '../../support/raw-client.js';

const SASL = 'urn:ietf:params:xml:ns:xmpp-sasl';
const SASL_2 = 'urn:xmpp:sasl:2';
const BIND = 'urn:ietf:params:xml:ns:xmpp-bind';
const ENABLE = `<enable xmlns='${SM}' resume='true'/>`;
const MAX_RESOURCES = 40;
const STORE_TIMEOUT = 10;

/** A session that a client has learnt of. */
interface Kept {
  readonly smId: string;
  readonly jid: string;
  /** The stanzas that the client has handled. */
  h: number;
  /** False when the session has ended for a good reason. */
  alive: boolean;
  client: Client | undefined;
}

/** What a client wants of its login. */
interface Plan {
  readonly user: string;
  readonly sasl2: boolean;
  readonly userAgent: string | undefined;
  readonly resumes: Kept | undefined;
  readonly binds: boolean;
  readonly enables: boolean;
}

interface Client {
  readonly plan: Plan;
  readonly connection: ClientConnection;
  /** What came and was not read yet. */
  unread: string;
  received: string;
  isOpen: boolean;
  /** The server has ended the stream. */
  isEnded: boolean;
  /** It has ended its stream. */
  hasLeft: boolean;
  jid: string | undefined;
  kept: Kept | undefined;
  /** The h of its `<resume/>`. */
  asked: number;
  step: 'login' | 'features' | 'resuming' | 'binding' | 'enabling' | 'done';
}

interface Question {
  readonly since: number;
  answer(): void;
}

const plain = (user: string): string => Buffer.from(`\0${user}\0secret`).toString('base64');

const stanzasIn = (text: string): number => [...text.matchAll(/<(?:message|presence|iq)[\s>]/g)].length;

export const createLogins = async (random: Random) => {
  const clock = createVirtualClock(1_000_000);
  const faults: string[] = [];
  const checks: ((isRight: boolean | undefined) => void)[] = [];
  const questions: Question[] = [];
  const clients: Client[] = [];
  const kept: Kept[] = [];
  /** For each message: how often it reached a client, and how often it came back. */
  const fates = new Map<string, string[]>();
  let isCalm = true;

  const accounts: Accounts = {
    has: () => true,
    credentials: () => {
      throw new Error('SCRAM is not used here');
    },
    proves: () =>
      isCalm
        ? Promise.resolve(true)
        : new Promise((resolve, reject) =>
            checks.push((isRight) => (isRight === undefined ? reject(new Error('LDAP is down')) : resolve(isRight))),
          ),
  };

  const memory = createMemoryStore({ maxHibernatedSessions: 1000 });
  /** The store acts at once or later, answers at once or later, or fails before it acts. */
  const slow = async <T>(call: () => Promise<T>, late: () => void = () => {}): Promise<T> => {
    const since = clock.now();
    const wait = (): Promise<void> =>
      isCalm || random.chance(0.3)
        ? Promise.resolve()
        : new Promise((resolve) => questions.push({ since, answer: resolve }));
    await wait();
    if (!isCalm && random.chance(0.1)) throw new Error('disk full');
    const value = await call();
    await wait();
    if (clock.now() - since >= STORE_TIMEOUT * 1000) late();
    return value;
  };
  const store: SessionStore = {
    ...memory,
    save: (...call) => slow(() => memory.save(...call)),
    claim: (...call) =>
      slow(
        () => memory.claim(...call),
        // An answer that comes too late ends the session.
        () => endKept((session) => session.smId === call[1]),
      ),
  };

  const policy = policyWith({
    storeTimeout: STORE_TIMEOUT,
    maxUnackedStanzas: random.pick([0, 5]),
    hibernationTime: 1000,
  });
  const pressure = new Pressure();
  const hub = new Hub({
    pressure,
    domain: 'localhost',
    accounts,
    onExpiry: 'return',
    maxResources: MAX_RESOURCES,
    clock,
    policy,
  });
  const fate = (xml: string, what: string): void => {
    const id = /<message [^>]*id="(m\d+)"/.exec(xml)?.[1];
    if (id !== undefined) fates.get(id)?.push(what);
  };
  const options = {
    domain: 'localhost',
    accounts,
    policy,
    store,
    clock,
    negotiationTime: 15,
    connections: new Connections(1000),
    pressure,
    hub,
    acceptSm2: false,
    canResume: true,
    trace: undefined,
    report(session: string, report: Report) {
      if (report.type === 'misuse')
        faults.push(`${session} reports misuse of ${report.failure.event} in ${report.failure.state}`);
      if (session.startsWith('juliet@')) return;
      if (report.type === 'acknowledged' || (report.type === 'returned' && report.reason === 'unmanaged'))
        for (const { xml } of report.stanzas) fate(xml, 'arrived');
    },
  };
  const sessions = createClientSessions({ ...options, hub });

  const endKept = (which: (session: Kept) => boolean): void => {
    for (const session of kept) if (which(session)) session.alive = false;
  };

  const bind = hub.bind.bind(hub);
  hub.bind = (jid, session) => {
    const client = clients.find(({ connection }) => connection.session === session);
    const name = formatJid(jid);
    if (client !== undefined && (!client.isOpen || client.isEnded))
      faults.push(`${name} is bound for a dead connection`);
    if (['ended', 'hibernating', 'superseded'].includes(session.status))
      faults.push(`${name} is bound for a session that is over`);
    const bound = bind(jid, session);
    if (bound !== undefined) endKept((other) => other.jid === name);
    return bound;
  };

  const connect = (plan: Plan): Client => {
    const ended = (): void => {
      client.isEnded = true;
    };
    const client: Client = {
      plan,
      connection: new ClientConnection(
        {
          secure: true,
          loopback: true,
          write(text) {
            if (!client.isOpen) return;
            client.unread += text;
            client.received += text;
          },
          end: ended,
          destroy: ended,
          pause() {},
          resume() {},
        },
        { ...options, sessions },
        { run: 1, framing: tcpFraming },
      ),
      unread: '',
      received: '',
      isOpen: true,
      isEnded: false,
      hasLeft: false,
      jid: undefined,
      kept: undefined,
      asked: plan.resumes?.h ?? 0,
      step: 'login',
    };
    clients.push(client);
    client.connection.data(HEADER);
    client.connection.data(
      plan.sasl2 ? authenticate(plan) : `<auth xmlns='${SASL}' mechanism='PLAIN'>${plain(plan.user)}</auth>`,
    );
    return client;
  };

  const authenticate = ({ user, userAgent, resumes, binds, enables }: Plan): string => {
    const agent = userAgent === undefined ? '' : `<user-agent id='${userAgent}'/>`;
    const resumption = resumes === undefined ? '' : resume(resumes.smId, resumes.h);
    const binding = binds ? `<bind xmlns='urn:xmpp:bind:0'>${enables ? ENABLE : ''}</bind>` : '';
    return `<authenticate xmlns='${SASL_2}' mechanism='PLAIN'><initial-response>${plain(user)}</initial-response>${agent}${resumption}${binding}</authenticate>`;
  };

  const say = (client: Client, xml: string): void => {
    if (client.isOpen && !client.isEnded) client.connection.data(xml);
  };

  const isBound = (client: Client, jid: string): void => {
    client.jid = jid;
    client.step = client.plan.enables && !client.plan.sasl2 ? 'enabling' : 'done';
    say(client, '<presence/>');
    if (client.step === 'enabling') say(client, ENABLE);
  };

  const isEnabled = (client: Client, smId: string): void => {
    client.kept = { smId, jid: client.jid ?? '', h: 0, alive: !client.hasLeft, client };
    kept.push(client.kept);
    client.step = 'done';
  };

  const isResumed = (client: Client, smId: string): void => {
    const session = kept.find((other) => other.smId === smId);
    if (session === undefined) return;
    client.kept = session;
    client.jid = session.jid;
    session.client = client;
    session.h = client.asked;
    client.step = 'done';
  };

  const goOn = (client: Client): void => {
    const { plan } = client;
    if (client.step === 'login') {
      client.step = 'features';
      if (!plan.sasl2) say(client, HEADER);
    } else if (plan.resumes !== undefined && client.step === 'features' && !plan.sasl2) {
      client.step = 'resuming';
      client.asked = plan.resumes.h;
      say(client, resume(plan.resumes.smId, plan.resumes.h));
    } else {
      client.step = 'binding';
      const resource = plan.userAgent ?? 'web';
      say(client, `<iq type='set' id='bind'><bind xmlns='${BIND}'><resource>${resource}</resource></bind></iq>`);
    }
  };

  /** Reads what came, element by element, and answers as a client does. */
  const read = (client: Client): void => {
    const element =
      /<(success|failure|stream:features|enabled|resumed|failed|stream:error|r|a|message|presence|iq)\b[^>]*?(?:\/>|>.*?<\/\1>)/s;
    for (
      let found = element.exec(client.unread);
      found !== null && client.isOpen;
      found = element.exec(client.unread)
    ) {
      client.unread = client.unread.slice(found.index + found[0].length);
      take(client, found[0], found[1] ?? '');
    }
  };

  const take = (client: Client, xml: string, name: string): void => {
    const smId = / (?:id|previd)='([^']+)'/;
    if (client.kept?.client === client && stanzasIn(xml) > 0) client.kept.h += 1;
    if (name === 'success') takeSuccess(client, xml);
    else if (name === 'stream:features' && client.step === 'features') goOn(client);
    else if (name === 'resumed') isResumed(client, smId.exec(xml)?.[1] ?? '');
    else if (name === 'failed' && client.step === 'resuming') goOn(client);
    else if (name === 'failed') client.step = 'done';
    else if (name === 'enabled') isEnabled(client, smId.exec(xml)?.[1] ?? '');
    else if (name === 'iq' && client.step === 'binding') isBound(client, /<jid>([^<]+)/.exec(xml)?.[1] ?? '');
    else if (name === 'r' && client.kept !== undefined && random.chance(0.7))
      say(client, `<a xmlns='${SM}' h='${client.kept.h}'/>`);
    else if (name === 'failure' || name === 'stream:error') client.step = 'done';
    else if (client.plan.user === 'juliet' && /type="error"/.test(xml)) fate(xml, 'returned');
  };

  const takeSuccess = (client: Client, xml: string): void => {
    if (!client.plan.sasl2) {
      goOn(client);
      return;
    }
    client.step = 'features';
    const jid = /<authorization-identifier>([^<]+)/.exec(xml)?.[1] ?? '';
    const resumed = /<resumed [^>]*previd='([^']+)'/.exec(xml);
    if (resumed !== null) isResumed(client, resumed[1] ?? '');
    else if (jid.includes('/')) {
      isBound(client, jid);
      const enabled = /<enabled [^>]* id='([^']+)'/.exec(xml);
      if (enabled !== null) isEnabled(client, enabled[1] ?? '');
    }
  };

  const turn = async (): Promise<void> => {
    for (let round = 0; round < 4; round++) {
      await nextTurn();
      for (const client of clients) read(client);
    }
  };

  const lose = (client: Client): void => {
    read(client);
    client.isOpen = false;
    client.connection.closed();
  };

  /** The client ends its stream, or breaks it: its session is over. */
  const leave = (client: Client): void => {
    read(client);
    // Perhaps it asked for a session and has no answer yet: in wire order, the session is resumed first, and ends then.
    const session = client.kept ?? client.plan.resumes;
    if (session !== undefined) session.alive = false;
    client.hasLeft = true;
    say(client, random.pick(['</stream:stream>', '<a><b></a>']));
  };

  const romeo = (resumes: Kept | undefined): Plan => ({
    user: 'romeo',
    sasl2: random.chance(0.7),
    userAgent: random.pick(['phone', 'desk', '']) || undefined,
    resumes,
    binds: random.chance(0.8),
    enables: random.chance(0.8),
  });

  const juliet = connect({
    user: 'juliet',
    sasl2: true,
    userAgent: 'j',
    resumes: undefined,
    binds: true,
    enables: false,
  });
  await turn();
  say(juliet, "<presence to='romeo@localhost' type='subscribe'/>");
  await turn();
  isCalm = false;

  const openOnes = (): Client[] => clients.filter(({ isOpen, plan }) => isOpen && plan.user === 'romeo');
  const anyOf = <T extends NonNullable<unknown>>(list: readonly T[], then: (item: T) => void): void => {
    if (list.length > 0) then(random.pick(list));
  };

  const send = (): void => {
    const targets = kept.map(({ jid }) => jid);
    anyOf(targets, (jid) => {
      const id = `m${fates.size}`;
      fates.set(id, []);
      // Groupchat: no other resource gets it, and it is not stored.
      say(juliet, message(jid, id, 'groupchat'));
    });
  };

  /** Time passes after everything that is already answered has happened. */
  const pass = async (ms: number): Promise<void> => {
    await turn();
    clock.advance(ms);
  };

  const act = async (): Promise<void> => {
    const dice = random.next();
    if (dice < 0.2) connect(romeo(random.chance(0.6) ? kept.at(-random.integer(1, 4)) : undefined));
    else if (dice < 0.42)
      anyOf(checks, (check) => void check(random.chance(0.8) ? true : random.chance(0.5) ? false : undefined));
    else if (dice < 0.6) anyOf(questions, (question) => answer(question));
    else if (dice < 0.75) anyOf(openOnes(), lose);
    else if (dice < 0.8) anyOf(openOnes(), leave);
    else if (dice < 0.84) await pass(random.pick([1, 1000, 2000]));
    else if (dice < 0.88) await pass(STORE_TIMEOUT * 1000);
    else if (dice < 0.9)
      anyOf(
        openOnes().filter(({ isEnded }) => isEnded),
        lose,
      );
    else send();
    // Sometimes several things happen in one turn.
    if (random.chance(0.7)) await turn();
  };

  const answer = (question: Question): void => {
    questions.splice(questions.indexOf(question), 1);
    question.answer();
  };

  /** Nothing is slow any more. */
  const settle = async (): Promise<void> => {
    isCalm = true;
    for (let round = 0; round < 10; round++) {
      for (const check of checks.splice(0)) check(random.chance(0.8));
      for (const question of [...questions]) answer(question);
      await turn();
    }
  };

  const seenBy = (name: string): string | undefined =>
    [...juliet.received.matchAll(/<presence [^>]*>/g)]
      .map(([tag]) => tag)
      .findLast((tag) => tag.includes(`from="${name}"`));

  /** Each session that nothing ended can be resumed, and no contact has seen it go. */
  const checkSessions = async (): Promise<void> => {
    for (const client of openOnes()) {
      if (client.isEnded && client.kept?.client === client) client.kept.alive = false;
      lose(client);
    }
    await turn();
    for (const session of kept.filter(({ alive }) => alive)) {
      const presence = seenBy(session.jid);
      if (presence?.includes('unavailable')) faults.push(`a contact sees ${session.jid} go: ${presence}`);
      const client = connect({ ...romeo(session), sasl2: true, binds: false });
      await turn();
      if (client.kept !== session)
        faults.push(
          `${session.jid} cannot be resumed: ${/<success.*?<\/success>|<stream:error.*/s.exec(client.received)?.[0]}`,
        );
      lose(client);
      await turn();
    }
  };

  /** The time of every session is over. */
  const endAll = async (): Promise<void> => {
    for (let round = 0; round < 3; round++) {
      clock.advance(1_001_000);
      await turn();
    }
    for (const name of new Set(kept.map(({ jid }) => jid)))
      if (seenBy(name)?.includes('unavailable') === false) faults.push(`${name} is a ghost: ${seenBy(name)}`);
    for (const [id, what] of fates) if (what.length !== 1) faults.push(`${id}: ${what.join(' and ') || 'no fate'}`);
    for (let resource = 0; resource < MAX_RESOURCES; resource++) {
      const client = connect({ ...romeo(undefined), sasl2: true, userAgent: undefined, binds: true });
      await nextTurn();
      await turn();
      if (client.jid === undefined) faults.push(`resource ${resource + 1} is not free`);
    }
  };

  return { act, settle, checkSessions, endAll, faults: () => faults };
};
