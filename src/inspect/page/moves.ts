/** Arrow keys move the focus from state to state. The whole chart is a single stop for the tab key. */
import type { Box } from './drawing.js';
import { neighbour } from './neighbour.js';

/** @param onPick is called with the path of the state that the user taps, or that has the focus */
export const moveWithKeys = (
  boxes: readonly Box[],
  states: ReadonlyMap<string, SVGGElement>,
  onPick: (path: string) => void,
): void => {
  let stop: SVGGElement | undefined;
  const stopAt = (state: SVGGElement): void => {
    stop?.setAttribute('tabindex', '-1');
    stop = state;
    state.setAttribute('tabindex', '0');
  };
  for (const box of boxes) {
    const state = states.get(box.path);
    if (state === undefined) continue;
    if (stop === undefined) stopAt(state);
    state.addEventListener('click', () => onPick(box.path));
    state.addEventListener('focus', () => {
      stopAt(state);
      onPick(box.path);
    });
    state.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' || event.key === ' ') onPick(box.path);
      const next = states.get(neighbour(boxes, box, event.key)?.path ?? '');
      if (next === undefined && event.key !== ' ') return;
      event.preventDefault();
      next?.focus({ preventScroll: true });
    });
  }
};
