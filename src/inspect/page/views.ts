/**
 * On a small screen the page shows one view at a time. On a large screen all views are in sight, and this file has no
 * effect.
 */
import { byId } from './dom.js';

export interface Views {
  show(view: View): void;
}

export type View = 'sessions' | 'chart' | 'facts' | 'log';

export const createViews = (): Views => {
  const buttons = [...byId('views', HTMLElement).querySelectorAll('button')];
  const show = (view: string): void => {
    document.body.dataset.view = view;
    for (const button of buttons) {
      if (button.value === view) button.setAttribute('aria-current', 'true');
      else button.removeAttribute('aria-current');
    }
  };
  for (const button of buttons) button.addEventListener('click', () => show(button.value));
  show('chart');
  return { show };
};
