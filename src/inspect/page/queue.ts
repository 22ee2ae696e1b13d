/** The queue: the stanzas that the peer has not acknowledged, oldest first. */
import type { QueuedStanza } from '../messages.js';
import { element } from './dom.js';
import { duration, grouped } from './words.js';

/** @param unacked the number of stanzas in the queue; the page gets only the oldest of them */
export const queueRows = (queue: readonly QueuedStanza[], unacked: number, now: number): readonly HTMLElement[] => {
  if (unacked === 0) return [hint('Everything is acknowledged.')];
  const more = unacked - queue.length;
  return [
    ...queue.map((stanza) => row(stanza, now)),
    ...(more > 0 ? [hint(`${grouped(more)} newer stanzas are not shown.`)] : []),
  ];
};

const row = ({ kind, type, at, written, size, xml }: QueuedStanza, now: number): HTMLElement =>
  element(
    'li',
    { class: written ? 'written' : 'held' },
    element('b', {}, kind),
    element('span', {}, type),
    element('span', { class: 'size' }, `${grouped(size)} ch`),
    element('span', { class: 'age' }, duration(now - at)),
    element('span', { class: 'mark' }, written ? 'written' : 'held'),
    ...(xml === null ? [] : [element('code', {}, xml)]),
  );

const hint = (text: string): HTMLElement => element('li', { class: 'hint' }, text);
