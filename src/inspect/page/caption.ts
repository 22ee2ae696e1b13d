/** The caption of the chart: it describes the last step. */
import type { LoggedStep } from '../messages.js';
import { clauseLinks } from './clause-links.js';
import { byId, element } from './dom.js';

export const showCaption = (step: LoggedStep | undefined): void => {
  const caption = byId('last', HTMLElement);
  caption.replaceChildren();
  if (step === undefined) return;
  const { event, about, taken, entered } = step;
  const guards = taken.flatMap(({ guard }) => (guard === null ? [] : [`[${guard}]`]));
  caption.append(
    element('b', {}, event),
    ...[about, ...guards].filter((text) => text !== '').map((text) => element('span', {}, text)),
    ...(entered.length > 0 ? [element('span', { class: 'move' }, `→ ${entered.join(' & ')}`)] : []),
    ...clauseLinks([...new Set(taken.flatMap(({ clauses }) => clauses))]),
  );
};
