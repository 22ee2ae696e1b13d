/** Checks of the roll-over from 4294967295 to 0 in both directions, for a server whose counters start near it. */
import { type Check, check } from '../check.js';
import { fail } from '../finding.js';
import { stanza } from '../wire/conditions.js';
import { NS } from '../wire/namespaces.js';
import { repeated } from './acks.js';
import { canBeResumed, endsWith, places, same } from './steps.js';

const needs = ['roll-over'] as const;

/** The number of stanzas that passes the roll-over from any start value that the checks use. */
const ENOUGH = 20;

export const rollover: readonly Check[] = [
  check(
    'rollover-count',
    "The server's count goes on from 4294967295 to 0",
    { clauses: ['A-4'], needs },
    async (server) => {
      const romeo = await server.enabled();
      for (let count = 1; count <= ENOUGH; count += 1) {
        await romeo.roundTrip();
        const found = await romeo.ask();
        if (found !== count) fail(`h='${romeo.h(count)}'`, `h='${romeo.h(found)}'`);
      }
    },
  ),

  check(
    'rollover-a',
    'Each stanza can be acknowledged over the roll-over',
    { clauses: ['A-4'], needs },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      for (let count = 1; count <= ENOUGH; count += 1) {
        await server.deliver(juliet, romeo, 1);
        romeo.send(`<a xmlns='${NS.sm}' h='${romeo.h(count)}'/>`);
      }
      await romeo.ask();
    },
  ),

  check(
    'rollover-trims',
    'An h behind the roll-over acknowledges what was sent before it',
    { clauses: ['A-4', 'R-5'], needs: ['roll-over', 'resumption'] },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      romeo.answering = false;
      const sent = await server.deliver(juliet, romeo, ENOUGH);
      romeo.send(`<a xmlns='${NS.sm}' h='${romeo.h(ENOUGH - 2)}'/>`);
      await romeo.ask();
      romeo.cut();
      const again = await canBeResumed(server, romeo.session, ENOUGH - 2);
      const came = await repeated(again, sent);
      if (!same(came, sent.slice(-2))) fail('the last two', places(came, sent));
    },
  ),

  check(
    'rollover-resume',
    'A session is resumed over the roll-over: what h does not cover comes again, on both sides of it',
    { clauses: ['A-4', 'R-4'], needs: ['roll-over', 'resumption'] },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      romeo.answering = false;
      const sent = await server.deliver(juliet, romeo, ENOUGH);
      for (let count = 0; count < ENOUGH; count += 1) await romeo.roundTrip();
      romeo.cut();
      const again = await server.login();
      const { attrs } = await again.resume(romeo.session, 1);
      if (attrs.h !== again.h(ENOUGH)) fail(`h='${again.h(ENOUGH)}'`, `h='${attrs.h}'`);
      const came = await repeated(again, sent);
      if (!same(came, sent.slice(1))) fail(`number 2 to ${ENOUGH}`, places(came, sent));
    },
  ),

  check(
    'rollover-too-high',
    'An h too high by one ends the stream also behind the roll-over',
    { clauses: ['A-4', 'A-8'], level: 'SHOULD', needs },
    async (server) => {
      const [romeo, juliet] = [await server.enabled(), await server.bound('juliet')];
      const [last] = (await server.deliver(juliet, romeo, ENOUGH)).slice(-1);
      await romeo.receive('nothing', stanza('message', { id: last }), 0).catch(() => undefined);
      romeo.send(`<a xmlns='${NS.sm}' h='${romeo.h(ENOUGH + 1)}'/>`);
      await endsWith(romeo, 'undefined-condition');
    },
  ),
];
