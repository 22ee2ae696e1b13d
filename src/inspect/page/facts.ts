/** The facts of a session: its counters, its timers and its queue. */
import type { Counters, DetailMessage, Pictures } from '../messages.js';
import { byId, element, setText } from './dom.js';
import { queueRows } from './queue.js';
import { duration, grouped } from './words.js';

export interface Facts {
  show(session: DetailMessage): void;
}

export const createFacts = ({ timers: timerMeanings }: Pictures): Facts => {
  const counters = pairs('counters', COUNTERS);
  const timers = pairs(
    'timers',
    Object.entries(timerMeanings).map(([name, means]) => ({ name, means })),
  );
  const queue = byId('queue', HTMLElement);
  const size = byId('queue-size', HTMLElement);
  let shown: DetailMessage | undefined;
  let ahead = 0;

  /** Shows the timers by the inspector's clock. This clock stands still in a record. */
  const tick = (): void => {
    const now = shown !== undefined && shown.of !== null ? shown.now : Date.now() + ahead;
    for (const [name, cell] of timers) {
      const deadline = shown?.timers[name] ?? null;
      setText(cell, deadline === null ? '–' : duration(deadline - now));
      cell.parentElement?.classList.toggle('running', deadline !== null);
    }
  };
  setInterval(tick, EVERY);

  return {
    show(session) {
      shown = session;
      ahead = session.now - Date.now();
      for (const { name, count } of COUNTERS) {
        const cell = counters.get(name);
        if (cell !== undefined) setText(cell, grouped(count(session.counters)));
      }
      const { unacked, size: characters } = session.counters;
      setText(size, unacked === 0 ? '' : `${grouped(unacked)} · ${grouped(characters)} characters`);
      queue.replaceChildren(...queueRows(session.queue, unacked, session.now));
      tick();
    },
  };
};

interface Named {
  readonly name: string;
  /** The label of the counter. Default: its name. */
  readonly label?: string;
  readonly means: string;
}

const pairs = (id: string, names: readonly Named[]): ReadonlyMap<string, HTMLElement> => {
  const list = byId(id, HTMLElement);
  const cells = names.map(({ name, label = name, means }) => {
    const cell = element('dd', { 'data-fact': name }, '–');
    list.append(element('div', {}, element('dt', {}, label), cell, element('dd', { class: 'means' }, means)));
    return [name, cell] as const;
  });
  return new Map(cells);
};

const COUNTERS: readonly (Named & { count(counters: Counters): number })[] = [
  { name: 'received', means: 'from the peer', count: ({ received }) => received },
  { name: 'handled', label: 'handled (h)', means: 'our h', count: ({ handled }) => handled },
  { name: 'sent', means: 'to the peer', count: ({ sent }) => sent },
  { name: 'acked', means: "the peer's h", count: ({ acked }) => acked },
  { name: 'unacked', means: 'in the queue', count: ({ unacked }) => unacked },
  { name: 'written', means: 'of the queue', count: ({ written }) => written },
];

/** Milliseconds between two updates. */
const EVERY = 100;
