/** What the user asks about: a state, a clause, or nothing in particular. */

export type Subject = { readonly state: string } | { readonly clause: string } | undefined;

export interface Picked {
  readonly subject: Subject;
  /** The state, if the user asks about a state. */
  readonly state: string | undefined;
  pick(subject: Subject): void;
  /** The listener is called after each change. */
  follow(listener: () => void): void;
}

/** Every link to a clause on the page picks it, and Escape picks nothing. */
export const createPicked = (): Picked => {
  const listeners: (() => void)[] = [];
  let subject: Subject;
  const pick = (next: Subject): void => {
    subject = next;
    for (const listener of listeners) listener();
  };
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a.clause') : null;
    if (link === null) return;
    event.preventDefault();
    pick({ clause: link.textContent });
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') pick(undefined);
  });
  return {
    get subject() {
      return subject;
    },
    get state() {
      return subject !== undefined && 'state' in subject ? subject.state : undefined;
    },
    pick,
    follow(listener) {
      listeners.push(listener);
    },
  };
};
