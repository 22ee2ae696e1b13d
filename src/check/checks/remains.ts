/** Checks of the messages that remain when a session ends: the server returns, stores or delivers each exactly once. */
import { type Check, check } from '../check.js';
import type { Client } from '../client.js';
import { fail, skip } from '../finding.js';
import { idsOf, type Server, sleep } from '../server.js';
import { stanza } from '../wire/conditions.js';
import { delaysOf, QUIET, refused, resumeRequest, returned } from './steps.js';

const runs = 'inbox' as const;

/** Milliseconds by which a time stamp may differ: some servers write whole seconds. */
const ROUNDED = 1500;

const expires = { needs: ['expiry'], runs } as const;

/** Fails unless the server returns each message to its sender or delivers it to a later client, exactly once in total. */
const accountFor = async (server: Server, sent: readonly string[], sender: Client): Promise<void> => {
  const stored = idsOf(await server.offline());
  await sender.roundTrip();
  for (const [index, id] of sent.entries()) {
    const bounced = sender.seen.filter(returned(id)).length;
    const kept = stored.filter((other) => other === id).length;
    if (bounced + kept === 1) continue;
    const found = bounced + kept === 0 ? 'it is lost' : `returned ${bounced} times and delivered ${kept} times`;
    fail(`message ${index + 1} of ${sent.length} to be returned or kept, once`, found);
  }
};

/** Creates a second client of romeo that receives messages for the bare JID. */
const otherResource = async (server: Server): Promise<Client> => {
  const other = await server.bound();
  other.send('<presence/>');
  await other.receive('its own presence', stanza('presence', { from: other.jid }));
  return other;
};

export const remains: readonly Check[] = [
  check(
    'remains-queued',
    'Messages that arrived for a session which then expired are returned or stored, each once',
    { clauses: ['A-12', 'M-2'], ...expires },
    async (server) => {
      const [romeo, juliet] = [await server.enabled('romeo', server.brief), await server.bound('juliet')];
      romeo.cut();
      const sent = await server.queue(juliet, romeo.jid, 3);
      await server.expiry();
      await accountFor(server, sent, juliet);
    },
  ),

  check(
    'remains-unacked',
    'Messages that were sent to the client and never acknowledged are returned or stored too',
    { clauses: ['A-12', 'M-2'], ...expires },
    async (server) => {
      const [romeo, juliet] = [await server.enabled('romeo', server.brief), await server.bound('juliet')];
      romeo.answering = false;
      const sent = await server.deliver(juliet, romeo, 3);
      romeo.cut();
      await server.expiry();
      await accountFor(server, sent, juliet);
    },
  ),

  check(
    'remains-acked',
    'Messages that were acknowledged are neither returned nor stored',
    { clauses: ['A-6', 'A-12'], ...expires },
    async (server) => {
      const [romeo, juliet] = [await server.enabled('romeo', server.brief), await server.bound('juliet')];
      const sent = await server.deliver(juliet, romeo, 3);
      romeo.acknowledge();
      await romeo.ask();
      romeo.cut();
      await server.expiry();
      const stored = idsOf(await server.offline()).filter((id) => sent.includes(id));
      const bounced = sent.filter((id) => juliet.seen.some(returned(id)));
      if (stored.length + bounced.length > 0) fail('none', `${bounced.length} returned, ${stored.length} stored`);
    },
  ),

  check(
    'remains-one-delay',
    'A message that is stored when its session expires is stamped with one delay, of the time when it was sent first',
    { clauses: ['A-12'], level: 'SHOULD', needs: ['expiry'], runs: 'alone' },
    async (server) => {
      const [romeo, juliet] = [await server.enabled('romeo', server.brief), await server.bound('juliet')];
      romeo.cut();
      const before = Date.now();
      const [id] = await server.queue(juliet, romeo.jid, 1);
      const after = Date.now();
      await server.expiry();
      const message = (await server.offline()).find(({ attrs }) => attrs.id === id);
      if (message === undefined) return skip('it is not stored, but returned');
      const delays = delaysOf(message);
      if (delays.length !== 1) fail('one <delay/>', `${delays.length}`);
      const stamp = Date.parse(delays[0]?.attrs.stamp ?? '');
      if (server.loopback && !(stamp > before - ROUNDED && stamp < after + ROUNDED))
        fail('the time of the first attempt', 'another time');
    },
  ),

  check(
    'remains-delivered-elsewhere',
    'A message that another client of the user has got is not returned when the copy for the lost one is given up',
    { clauses: ['A-12'], level: 'SHOULD', ...expires },
    async (server) => {
      const { juliet, other, id } = await twoResources(server);
      await server.expiry();
      await juliet.silent('no error for a message that was delivered', returned(id), QUIET);
      await other.close();
    },
  ),

  check(
    'remains-delivered-once',
    'A message that another client of the user has got is not delivered to it a second time',
    { clauses: ['A-12'], ...expires },
    async (server) => {
      const { other, id } = await twoResources(server);
      await server.expiry();
      await sleep(QUIET / 2);
      await other.roundTrip();
      const count = other.seen.filter(stanza('message', { id })).length;
      if (count !== 1) fail('one copy', `${count}`);
    },
  ),

  check(
    'remains-other-resource',
    'A message for the lost client alone is returned, or goes to another one of the user: once',
    { clauses: ['A-12', 'M-2'], ...expires },
    async (server) => {
      const [romeo, juliet] = [await server.enabled('romeo', server.brief), await server.bound('juliet')];
      const other = await otherResource(server);
      romeo.cut();
      const [id = ''] = await server.queue(juliet, romeo.jid, 1);
      await server.expiry();
      await other.roundTrip();
      await juliet.roundTrip();
      const count = juliet.seen.filter(returned(id)).length + other.seen.filter(stanza('message', { id })).length;
      await other.close();
      const stored = idsOf(await server.offline()).filter((each) => each === id).length;
      if (count + stored !== 1) fail('one end of it', `${count + stored}`);
    },
  ),

  check(
    'remains-lost',
    'When a session that cannot be resumed is lost, what it did not acknowledge is returned or stored at once',
    { clauses: ['C-3', 'A-12'], runs },
    async (server) => {
      const [romeo, juliet] = [await server.enabled('romeo', ''), await server.bound('juliet')];
      romeo.answering = false;
      const sent = await server.deliver(juliet, romeo, 3);
      romeo.cut();
      await sleep(QUIET);
      await accountFor(server, sent, juliet);
    },
  ),

  check(
    'remains-closed',
    'When a client closes its stream, what it did not acknowledge is returned or stored',
    { clauses: ['C-1', 'A-12'], level: 'SHOULD', runs },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      romeo.answering = false;
      const sent = await server.deliver(juliet, romeo, 3);
      romeo.leave();
      await romeo.ended('the stream to be closed');
      await sleep(QUIET / 2);
      await accountFor(server, sent, juliet);
    },
  ),

  check(
    'rebind-delivers',
    'When the user binds the same resource anew, what waited for it is his: it is not returned',
    { clauses: ['A-12'], level: 'SHOULD', needs: ['resumption'], runs: 'alone' },
    async (server) => {
      const { juliet, again, sent } = await boundAnew(server);
      const came = idsOf(again.seen).filter((id) => sent.includes(id));
      const bounced = sent.filter((id) => juliet.seen.some(returned(id)));
      if (bounced.length > 0) fail('none returned', `${bounced.length} of ${sent.length} returned`);
      if (came.length !== sent.length) fail(`${sent.length} delivered, once each`, `${came.length}`);
    },
  ),

  check(
    'rebind-accounts',
    'What waited for a resource that is bound anew is delivered or returned, each once',
    { clauses: ['A-12'], needs: ['resumption'], runs },
    async (server) => {
      const { juliet, again, sent } = await boundAnew(server);
      for (const [index, id] of sent.entries()) {
        const count = juliet.seen.filter(returned(id)).length + again.seen.filter(stanza('message', { id })).length;
        if (count !== 1) fail(`one end of message ${index + 1}`, count === 0 ? 'it is lost' : `${count}`);
      }
    },
  ),

  check(
    'rebind-one-delay',
    'What is delivered to a resource that was bound anew is stamped with one delay at most',
    { clauses: ['A-12'], level: 'SHOULD', needs: ['resumption'], runs: 'alone' },
    async (server) => {
      const { again, sent } = await boundAnew(server);
      const message = again.seen.find(stanza('message', { id: sent[0] }));
      if (message === undefined) return skip('it is not delivered, but returned');
      const count = delaysOf(message).length;
      if (count > 1) fail('one <delay/> at most', `${count}`);
    },
  ),

  check(
    'rebind-ends',
    'A resource that is bound anew ends the session that had it: there is nothing left to resume',
    { clauses: ['R-7', 'C-2'], needs: ['resumption'] },
    async (server) => {
      const romeo = await server.enabled();
      romeo.cut();
      const resource = romeo.jid.slice(romeo.jid.indexOf('/') + 1);
      const again = await server.bound('romeo', resource);
      if (again.jid !== romeo.jid) return skip('the server binds another resource instead');
      const third = await server.login();
      await refused(third, resumeRequest(`previd='${romeo.session.smId}' h='${third.h(0)}'`), 'item-not-found');
      await again.roundTrip();
    },
  ),
];

/** A message for the bare JID has reached one client and waits in the session of a second, lost client. */
const twoResources = async (server: Server) => {
  const juliet = await server.bound('juliet');
  const romeo = await server.enabled('romeo', server.brief);
  romeo.send('<presence/>');
  await romeo.receive('its own presence', stanza('presence', { from: romeo.jid }));
  const other = await otherResource(server);
  await romeo.receive('presence of the other one', stanza('presence', { from: other.jid }));
  romeo.acknowledge();
  await romeo.ask();
  romeo.cut();
  const id = server.unique();
  juliet.send(server.message(romeo.account.jid, id));
  await other.receive('the message', stanza('message', { id }));
  return { juliet, other, id };
};

/** A new client binds the resource of a lost client and becomes available. */
const boundAnew = async (server: Server) => {
  const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
  romeo.cut();
  const sent = await server.queue(juliet, romeo.jid, 2);
  const again = await server.bound('romeo', romeo.jid.slice(romeo.jid.indexOf('/') + 1));
  again.send('<presence/>');
  await again.roundTrip();
  await sleep(QUIET / 2);
  await again.roundTrip();
  await juliet.roundTrip();
  return { juliet, again, sent };
};
