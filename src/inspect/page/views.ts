/** On a small screen one view is shown at a time. On a large screen all are in sight, and nothing here has an effect. */
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
