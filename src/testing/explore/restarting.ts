/** A process ends and another one continues the session from its record. */
import { toArray } from '../../index.js';
import { happen, perform, setState } from './stepping.js';
import {
  actorOf,
  amend,
  amendConnection,
  amendServer,
  blame,
  connectionOf,
  nameOf,
  roleOf,
  serverAt,
  setAccount,
  spend,
  type Turn,
  tell,
  type Who,
} from './turn.js';
import { closeEnd } from './wire.js';
import type { Kept, Taken } from './world.js';

/** The client's process writes a record that a later restart may use. */
export const keep = (turn: Turn): void => {
  spend(turn, 'records');
  tell(turn, () => 'the client writes a record');
  turn.client = { ...turn.client, kept: keptNow(turn, 'client') };
};

/**
 * The process ends at this moment, and a new one begins with the record. Its connection is lost. What its application had not handled is
 * lost with it; the peer sends it again. `isOld`: the record is the one that the client wrote before.
 */
export const restart = (turn: Turn, who: Who, isOld: boolean): void => {
  spend(turn, who === 'client' ? 'clientRestarts' : 'serverRestarts');
  tell(turn, () => `the process of ${nameOf(who)} ends; a new one reads ${isOld ? 'the old' : 'its'} record`);
  const { record, taken } = (isOld && turn.client.kept) || keptNow(turn, who);
  dropConnection(turn, who);
  const { inbox } = actorOf(turn, who);
  const restored = turn.plan.core.restore(record, turn.plan.policies[roleOf(who)], 0);
  if (restored._tag === 'Left') {
    blame(turn, 'fate', () => `the record cannot be read: ${restored.left.reason}`);
    return;
  }
  const [state, effects] = restored.right;
  const kept = taken.map(({ key, status }): Taken => ({ key, status: status === 'handled' ? status : 'lost' }));
  setState(turn, who, state);
  amend(turn, who, { running: [], inbox: [], stale: turn.left.staleWords > 0 ? inbox : [], taken: kept });
  if (who === 'client') turn.client = { ...turn.client, kept: null, isBehind: isOld };
  else amendServer(turn, who, { question: null });
  if (isOld) believe(turn);
  for (const effect of effects) perform(turn, who, effect);
};

const keptNow = (turn: Turn, who: Who): Kept => {
  const { state, taken } = actorOf(turn, who);
  return { record: JSON.parse(JSON.stringify(turn.plan.core.toRecord(state))), taken };
};

/** The peer hears of the loss at once. */
const dropConnection = (turn: Turn, who: Who): void => {
  const index = connectionOf(turn, who);
  if (index < 0) return;
  amendConnection(turn, index, { isCut: true, up: [], down: [] });
  closeEnd(turn, index, who);
  const { connection } = serverAt(turn, index);
  if (who !== 'client' && connection?.clientOpen) {
    closeEnd(turn, index, 'client');
    happen(turn, 'client', { type: 'link.lost', epoch: connection.epoch });
  } else if (who === 'client' && connection?.serverOpen) {
    closeEnd(turn, index, index);
    happen(turn, index, { type: 'link.lost', epoch: 1 });
  }
};

/** The new process knows what the old record says, and nothing of what came after it. */
const believe = (turn: Turn): void => {
  const queued = toArray(turn.client.state.session.unacked).map(({ key }) => key ?? '');
  turn.stanzas.client.forEach((_account, index) => {
    const key = `c${index}`;
    if (!queued.includes(key)) setAccount(turn, key, 'settled');
    else setAccount(turn, key, 'unsure');
  });
};
