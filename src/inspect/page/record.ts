/** The controls of a record: a step forwards, a step back, and a jump to any line. */
import type { ListMessage } from '../messages.js';
import { byId } from './dom.js';

export interface RecordControls {
  show(message: ListMessage): void;
}

/** @param seek goes to a line of the record, from 1 */
export const createRecord = (seek: (line: number) => void): RecordControls => {
  const form = byId('record', HTMLFormElement);
  const position = byId('position', HTMLInputElement);
  const go = (line: number): void => {
    position.value = `${line}`;
    seek(position.valueAsNumber);
  };
  let due: ReturnType<typeof setTimeout> | undefined;
  position.addEventListener('input', () => {
    clearTimeout(due);
    due = setTimeout(() => seek(position.valueAsNumber), SETTLING);
  });
  byId('back', HTMLButtonElement).addEventListener('click', () => go(position.valueAsNumber - 1));
  byId('on', HTMLButtonElement).addEventListener('click', () => go(position.valueAsNumber + 1));
  form.addEventListener('submit', (event) => event.preventDefault());
  return {
    show({ of, steps }) {
      form.hidden = of === null;
      if (of === null) return;
      position.max = `${of}`;
      position.value = `${steps}`;
    },
  };
};

/** Milliseconds without a move of the slider, after which the page goes to the line. */
const SETTLING = 60;
