/** The user's question: about a state, about a clause, or about neither. */

export type Subject = { readonly state: string } | { readonly clause: string } | undefined;

export interface Picked {
  readonly subject: Subject;
  /** The path of the state; undefined when the user does not ask about a state. */
  readonly state: string | undefined;
  pick(subject: Subject): void;
  /** The listener is called after each change. */
  follow(listener: () => void): void;
}

/** Every link to a clause on the page picks the clause. Escape clears the choice. */
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
