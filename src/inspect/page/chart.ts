/** The chart of the selected session. The active states and the arrows of the last step are lit. */
import type { DetailMessage, LoggedStep, Pictures, Role } from '../messages.js';
import { areaOf } from './area.js';
import { createFrame } from './frame.js';
import { layOut, NARROW } from './layout.js';
import type { Picked } from './picked.js';
import { createPicture, type Picture } from './picture.js';
import { isWithin } from './tree.js';

export interface Chart {
  show(session: DetailMessage, last: LoggedStep | undefined): void;
}

export const createChart = ({ charts }: Pictures, picked: Picked): Chart => {
  const pictures = new Map<Role, readonly Picture[]>();
  let session: DetailMessage | undefined;
  let last: LoggedStep | undefined;

  /** A broad drawing and a narrow one. */
  const picturesOf = (role: Role): readonly Picture[] => {
    const known = pictures.get(role);
    if (known !== undefined) return known;
    const made = [layOut(charts[role]), layOut(charts[role], NARROW)].map((drawing) =>
      createPicture(charts[role], drawing, (state) => picked.pick({ state })),
    );
    pictures.set(role, made);
    return made;
  };

  const leaves = (): readonly string[] => session?.configuration.split(' & ') ?? [];

  const paint = (picture: Picture): void => {
    picture.light(leaves(), last);
    picture.mark(picked.state);
  };

  /** Scrolls to the state that the user asks about, or otherwise to the active states. */
  const reveal = ({ drawing }: Picture, how: 'at once' | 'gently'): void => {
    const wanted = picked.state === undefined ? leaves() : [picked.state];
    const around = drawing.boxes.filter(({ path }) => wanted.some((leaf) => isWithin(leaf, path)));
    const parts = [around, drawing.boxes.filter(({ path }) => wanted.includes(path))].map(areaOf);
    frame.reveal(
      parts.filter((part) => part !== undefined),
      how,
    );
  };

  const frame = createFrame((picture) => {
    paint(picture);
    reveal(picture, 'at once');
  });

  picked.follow(() => {
    if (frame.picture === undefined) return;
    paint(frame.picture);
    reveal(frame.picture, 'gently');
  });

  return {
    show(next, step) {
      const before = session;
      session = next;
      last = step;
      frame.show(picturesOf(next.role));
      if (frame.picture === undefined) return;
      paint(frame.picture);
      if (next.id !== before?.id) reveal(frame.picture, 'at once');
      else if (next.configuration !== before.configuration && picked.state === undefined)
        reveal(frame.picture, 'gently');
    },
  };
};
