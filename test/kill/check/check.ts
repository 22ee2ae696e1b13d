/** The checker: facts in, faults out. It has no clock and asks nobody. */
import type { Fact } from '../log.js';
import { checkCounts } from './counts.js';
import type { Fault } from './fault.js';
import { readHistory } from './history.js';
import { checkMessages } from './messages.js';
import { checkPresence } from './presence.js';
import { checkResumption } from './resumption.js';

/** @returns the faults in the order of their times */
export const faultsIn = (facts: readonly Fact[]): readonly Fault[] => {
  const history = readHistory(facts);
  return [
    ...checkMessages(history),
    ...checkCounts(history),
    ...checkResumption(history),
    ...checkPresence(history),
  ].sort((a, b) => a.at - b.at);
};
