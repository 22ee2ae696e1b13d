import { element } from './dom.js';

/** A link to each clause; `picked.ts` answers the click. */
export const clauseLinks = (ids: readonly string[]): readonly HTMLElement[] =>
  ids.map((id) => element('a', { class: 'clause', href: `#${id}` }, id));
