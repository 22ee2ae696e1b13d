/** What is counted, what is timed, and what waits in the queue. */
import type { Counters, DetailMessage, QueuedStanza } from '../messages.js';
import { byId, element, setText } from './dom.js';
import { duration, grouped } from './words.js';

export interface Facts {
  show(session: DetailMessage): void;
}

export const createFacts = (): Facts => {
  const counters = pairs('counters', COUNTERS);
  const timers = pairs('timers', TIMERS);
  const queue = byId('queue', HTMLElement);
  const size = byId('queue-size', HTMLElement);
  let shown: DetailMessage | undefined;
  let ahead = 0;

  /** By the inspector's clock, which stands still in a record. */
  const tick = (): void => {
    const now = shown !== undefined && shown.of !== null ? shown.now : Date.now() + ahead;
    for (const [name, cell] of timers) {
      const deadline = shown?.timers[name] ?? null;
      setText(cell, deadline === null ? '–' : duration(deadline - now));
      cell.parentElement?.classList.toggle('running', deadline !== null);
    }
  };
  setInterval(tick, 100);

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
      queue.replaceChildren(...queued(session.queue, session.now), ...beyond(unacked - session.queue.length));
      tick();
    },
  };
};

interface Named {
  readonly name: string;
  /** What it is called; its name by default. */
  readonly label?: string;
  readonly means: string;
}

const pairs = (id: string, names: readonly Named[]): ReadonlyMap<string, HTMLElement> => {
  const list = byId(id, HTMLElement);
  const cells = names.map(({ name, label = name, means }) => {
    const cell = element('dd', { 'data-fact': name }, '–');
    list.append(element('div', { title: means }, element('dt', {}, label), cell));
    return [name, cell] as const;
  });
  return new Map(cells);
};

const queued = (queue: readonly QueuedStanza[], now: number): readonly HTMLElement[] =>
  queue.length === 0
    ? [element('li', { class: 'hint' }, 'Everything is acknowledged.')]
    : queue.map(({ kind, type, at, written, size, xml }) =>
        element(
          'li',
          { class: written ? 'written' : 'held' },
          element('b', {}, kind),
          element('span', {}, type),
          element('span', { class: 'size' }, `${grouped(size)} ch`),
          element('span', { class: 'age' }, duration(now - at)),
          element('span', { class: 'mark' }, written ? 'written' : 'held'),
          ...(xml === null ? [] : [element('code', {}, xml)]),
        ),
      );

const beyond = (more: number): readonly HTMLElement[] =>
  more > 0 ? [element('li', { class: 'hint' }, `and ${grouped(more)} more`)] : [];

const COUNTERS: readonly (Named & { count(counters: Counters): number })[] = [
  { name: 'received', means: 'Stanzas received from the peer', count: ({ received }) => received },
  { name: 'handled', label: 'handled (h)', means: 'Our h: stanzas handled', count: ({ handled }) => handled },
  { name: 'sent', means: 'Stanzas written to a link', count: ({ sent }) => sent },
  { name: 'acked', means: "The peer's last h: stanzas acknowledged", count: ({ acked }) => acked },
  { name: 'unacked', means: 'Stanzas in the queue', count: ({ unacked }) => unacked },
  { name: 'written', means: 'Stanzas in the queue that were written to a link', count: ({ written }) => written },
];

const TIMERS: readonly Named[] = [
  { name: 'ackIdle', means: 'Then an ack is asked for' },
  { name: 'ackWait', means: 'Then the answer is late, or the peer is taken for dead' },
  { name: 'overflowGrace', means: 'Then the full queue ends the session' },
  { name: 'resumption', means: 'Then the session is over' },
];
