import { check } from '../check.js';
import { fail } from '../finding.js';

export const acks = [
  check(
    'r-answered-at-once',
    '<r/> is answered with <a/> also when nothing new came',
    { clauses: ['A-5'] },
    async (server) => {
      const romeo = await server.enabled();
      const first = await romeo.ask();
      const second = await romeo.ask();
      if (first !== 0 || second !== 0) fail('h of 0, twice', `${first} and ${second}`);
    },
  ),
];
