/** What a stanza costs in each direction, whatever the length of the queue. */
import type { Bench, Goal, Table } from './bench.js';
import { hold } from './contest.js';

const LENGTHS = [10, 1000, 100_000];
const WAYS = ['inbound', 'outbound'] as const;
const LIMITS = { inbound: 100, outbound: 200 };

/** Module and what it is called in tables. */
const CONTESTANTS = {
  smacks: 'smacks: step',
  'smacks-session': 'smacks: a running session',
  'xstate-transition': 'the chart by xstate, transition',
  'xstate-actor': 'the chart by xstate, an actor',
  xmppjs: '@xmpp/stream-management 0.14',
  stanza: 'stanza 12',
  strophe: 'Strophe 5, nothing stored',
};

export const step: Bench = {
  name: 'step',
  description: 'nanoseconds per stanza received and sent, with 10, 1,000 and 100,000 queued',
  async run(progress) {
    const contestants = Object.keys(CONTESTANTS);
    const laps = WAYS.flatMap((name) => LENGTHS.map((queued) => ({ name, queued })));
    const standings = await hold({ contestants, laps }, progress);
    const tables = WAYS.map(
      (way): Table => ({
        title: `${way}: ns per stanza, with so many queued, and the ratio to ours`,
        columns: ['', ...LENGTHS.flatMap((length) => [length.toLocaleString('en'), 'ratio'])],
        rows: Object.entries(CONTESTANTS).map(([contestant, name]) => [
          name,
          ...LENGTHS.flatMap((queued) => {
            const figure = standings(contestant, way, queued);
            return [figure, figure / standings('smacks', way, queued)];
          }),
        ]),
      }),
    );
    const goals = WAYS.flatMap((way) =>
      LENGTHS.map(
        (queued): Goal => ({
          what: `a stanza ${way}, ${queued.toLocaleString('en')} queued`,
          unit: 'ns',
          measured: standings('smacks', way, queued),
          limit: LIMITS[way],
          wants: 'atMost',
        }),
      ),
    );
    return { tables, goals };
  },
};
