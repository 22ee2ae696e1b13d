/** What arrives: the next element of a direction goes to the session at its end, or to the session's embedder. */
import { uint32 } from '../../index.js';
import { itemLine } from './lines.js';
import { peerEvent, takeLogin, takeSuccess } from './login.js';
import { happen } from './stepping.js';
import { actorOf, amendConnection, blame, connectionOf, nameOf, serverAt, type Turn, tell, type Who } from './turn.js';
import { closeEnd } from './wire.js';
import type { Item } from './world.js';

/** How a lying server changes the h of `<failed/>`: one less than the client knows already, or more than the client wrote. */
export type Lie = 'below' | 'above';

export const arrive = (turn: Turn, index: number, direction: 'up' | 'down', lie?: Lie): void => {
  const { connection } = serverAt(turn, index);
  const [first, ...rest] = connection?.[direction] ?? [];
  if (first === undefined) return;
  const item = lie === undefined ? first : altered(turn, first, lie);
  amendConnection(turn, index, { [direction]: rest });
  tell(turn, () => `${direction === 'up' ? 'the server' : 'the client'} gets ${itemLine(item)}`);
  if (direction === 'up') take(turn, index, index, item, 1);
  else take(turn, 'client', index, item, connection?.epoch ?? 0);
  // The server reads `<bind/>` together with what follows: a cut between the two is the same as a cut before them.
  if (item.type === 'bind' && rest.length > 0) arrive(turn, index, direction);
};

const take = (turn: Turn, who: Who, index: number, item: Item, epoch: number): void => {
  switch (item.type) {
    case 'stanza':
      takeStanza(turn, who, item.key, epoch);
      return;
    case 'nonza':
      if (item.nonza.name === 'failed' && takesRefusal(turn, index)) return;
      happen(turn, who, peerEvent(item.nonza, epoch, item.xmlns));
      return;
    case 'stray':
      happen(turn, who, peerEvent(item.nonza, epoch, 'urn:xmpp:sm:2'));
      return;
    case 'bind':
      happen(turn, who, { type: 'app.bound' });
      return;
    case 'login':
      if (who !== 'client') takeLogin(turn, who, item);
      return;
    case 'success':
      takeSuccess(turn, item);
      return;
    case 'error':
      happen(turn, who, { type: 'peer.error', epoch, condition: item.condition });
      return;
    case 'end':
      happen(turn, who, { type: 'peer.closed', epoch });
      if (connectionOf(turn, who) === index) hear(turn, index, who);
  }
};

/** A stanza that a session does not deliver is one that its application has already. */
const takeStanza = (turn: Turn, who: Who, key: string, epoch: number): void => {
  turn.arriving = key;
  happen(turn, who, { type: 'peer.stanza', epoch });
  const isSwallowed = turn.arriving !== null;
  turn.arriving = null;
  const { taken, state } = actorOf(turn, who);
  if (!isSwallowed || !turn.plan.core.hasTag(state, 'enabled')) return;
  if (!taken.some((known) => known.key === key && known.status !== 'lost'))
    blame(turn, 'once', () => `${nameOf(who)} takes ${key} for a stanza that it has, and drops it`);
};

/** The first refusal on a connection with a stray request answers that request. */
const takesRefusal = (turn: Turn, index: number): boolean => {
  const { connection } = serverAt(turn, index);
  if (connection === null || connection.strays === 0) return false;
  amendConnection(turn, index, { strays: connection.strays - 1 });
  return true;
};

/** This end hears that its connection is lost. */
export const hear = (turn: Turn, index: number, who: Who): void => {
  const { connection } = serverAt(turn, index);
  closeEnd(turn, index, who);
  happen(turn, who, { type: 'link.lost', epoch: who === 'client' ? (connection?.epoch ?? 0) : 1 });
};

const altered = (turn: Turn, item: Item, lie: Lie): Item => {
  if (item.type !== 'nonza' || item.nonza.name !== 'failed') return item;
  const { acked, written } = turn.client.state.session;
  const h = lie === 'below' ? uint32(acked - 1) : uint32(acked + written + 1);
  return { ...item, nonza: { ...item.nonza, h } };
};
