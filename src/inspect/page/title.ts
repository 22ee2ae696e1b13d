/** The title: the name of the selected session. */
import type { DetailMessage } from '../messages.js';
import { byId, element } from './dom.js';
import { inShort } from './rows.js';
import { grouped } from './words.js';

export const showTitle = (session: DetailMessage): void => {
  const { name, role, status, steps, disagreement } = session;
  showName(name);
  byId('where', HTMLElement).replaceChildren(
    element('span', { class: 'badge', 'data-status': status }, inShort(session)),
    element('span', {}, role),
    element('span', { id: 'session-steps', 'data-steps': `${steps}` }, `${grouped(steps)} steps`),
    ...(disagreement === null ? [] : [element('span', { class: 'disagreement' }, disagreement)]),
  );
};

/** A long JID breaks after its separators, not within a word. */
const showName = (name: string): void => {
  const heading = byId('name', HTMLElement);
  if (heading.textContent === name) return;
  const parts = name.split(/(?<=[@/.])/);
  heading.replaceChildren(...parts.flatMap((part, index) => (index === 0 ? [part] : [element('wbr'), part])));
};
