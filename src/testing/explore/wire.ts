/** What leaves a session: elements in order, the close of a stream, the end of a connection. */
import { nonzaLine, wireLine } from './lines.js';
import { amendConnection, connectionOf, nameOf, serverAt, type Turn, tell, type Who } from './turn.js';
import type { Item } from './world.js';

/** Writes an element to the connection with this epoch; an effect for another connection is dropped (design law 6). */
export const put = (turn: Turn, who: Who, epoch: number, item: Item): void => {
  const index = connectionOf(turn, who);
  const connection = index < 0 ? null : serverAt(turn, index).connection;
  if (connection === null || epoch !== (who === 'client' ? connection.epoch : 1)) return;
  if (who === 'client') {
    tell(turn, () => wireLine('client', item, connection.isCut));
    if (!connection.isCut && connection.serverOpen) amendConnection(turn, index, { up: [...connection.up, item] });
  } else if (connection.answer !== null) putInAnswer(turn, index, item);
  else {
    tell(turn, () => wireLine('server', item, connection.isCut));
    if (!connection.isCut && connection.clientOpen) amendConnection(turn, index, { down: [...connection.down, item] });
  }
};

/** The session writes while the answer to a SASL2 request is under way: answers go into it, all else behind it. */
const putInAnswer = (turn: Turn, index: number, item: Item): void => {
  const answer = serverAt(turn, index).connection?.answer;
  if (!answer) return;
  const isAnswer = item.type === 'nonza' && ['enabled', 'failed', 'resumed'].includes(item.nonza.name);
  if (!isAnswer) amendConnection(turn, index, { answer: { ...answer, behind: [...answer.behind, item] } });
  else {
    const part = answer.stage === 'resuming' ? 'resumption' : 'bound';
    amendConnection(turn, index, { answer: { ...answer, [part]: item.nonza } });
    tell(turn, () => `  (the answer to the login will hold ${nonzaLine(item.nonza)})`);
  }
};

/**
 * An end closes its stream, or destroys its connection. After a close the end neither reads nor writes: the core is over or has dropped
 * this connection, so input could change nothing. A destroyed connection is lost for both ends. The other end hears of it
 * at once, or later where cuts may stay unnoticed.
 */
export const close = (turn: Turn, who: Who, epoch: number, isGraceful: boolean): void => {
  const index = connectionOf(turn, who);
  const connection = index < 0 ? null : serverAt(turn, index).connection;
  if (connection === null || epoch !== (who === 'client' ? connection.epoch : 1)) return;
  if (isGraceful) {
    if (who !== 'client' && connection.answer !== null) {
      amendConnection(turn, index, { answer: null });
      for (const item of connection.answer.behind) put(turn, who, epoch, item);
    }
    put(turn, who, epoch, { type: 'end' });
    closeEnd(turn, index, who);
  } else {
    tell(turn, () => `  ${nameOf(who)} destroys its connection`);
    amendConnection(turn, index, { isCut: true, up: [], down: [] });
    closeEnd(turn, index, who);
    turn.later.push({ who, event: { type: 'link.lost', epoch } });
    if (!turn.plan.lateCuts) loseOther(turn, index, who);
  }
};

const loseOther = (turn: Turn, index: number, who: Who): void => {
  const { connection } = serverAt(turn, index);
  const other = who === 'client' ? index : 'client';
  if (!(other === 'client' ? connection?.clientOpen : connection?.serverOpen)) return;
  closeEnd(turn, index, other);
  turn.later.push({
    who: other,
    event: { type: 'link.lost', epoch: other === 'client' ? (connection?.epoch ?? 0) : 1 },
  });
};

/** One end is closed: what was on its way to this end is dropped. */
export const closeEnd = (turn: Turn, index: number, who: Who): void =>
  amendConnection(
    turn,
    index,
    who === 'client' ? { clientOpen: false, down: [] } : { serverOpen: false, up: [], answer: null },
  );
