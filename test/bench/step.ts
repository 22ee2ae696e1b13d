/** What a stanza costs in each direction, whatever the length of the queue. */
import { against, type Bench, type Goal, type Table } from './bench.js';
import { hold } from './contest.js';

const LENGTHS = [10, 1000, 100_000];
const WAYS = ['inbound', 'outbound'] as const;
const LIMITS = { inbound: 100, outbound: 200 };

/** Nanoseconds that peers took where the limits were set. A machine is faster or slower than that one, and so are they on it. */
const THERE = { xmppjs: { inbound: 500, outbound: 1400 }, stanza: { inbound: 300, outbound: 300 } };

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
      LENGTHS.flatMap((queued): readonly Goal[] => {
        const what = `a stanza ${way}, ${queued.toLocaleString('en')} queued`;
        const ours = standings('smacks', way, queued);
        return [
          { what, unit: 'ns', measured: ours, limit: LIMITS[way], wants: 'atMost' },
          ...(['xmppjs', 'stanza'] as const).map((peer) =>
            against(what, CONTESTANTS[peer], standings(peer, way, queued) / ours, THERE[peer][way] / LIMITS[way]),
          ),
        ];
      }),
    );
    return { tables, goals };
  },
};
