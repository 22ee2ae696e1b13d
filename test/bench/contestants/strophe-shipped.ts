/** Strophe 5's engine as a connection has it: its whole state is stored with every stanza, by default in this process's memory. */
import type { Session } from './contestant.js';
import { drive, engine } from './strophe.js';

/** The first run fills the queue: with storage that would take hours, so it is switched on behind it. */
export const open = (): Session => {
  const driven = engine();
  const session = drive(driven);
  let fills = true;
  return {
    receive: session.receive,
    send(count) {
      session.send(count);
      if (fills) driven.initialize('juliet@example.net');
      fills = false;
    },
    acknowledge: session.acknowledge,
    get tally() {
      return session.tally;
    },
  };
};
