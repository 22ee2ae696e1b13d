/** What a server session orders from the store. The session's questions wait for a move of the walk: `store.ts`. */
import type { StoreEffect } from '../../index.js';
import { amendServer, type Turn } from './turn.js';

export const performInStore = (turn: Turn, index: number, effect: StoreEffect): void => {
  switch (effect.type) {
    case 'store.save':
      amendServer(turn, index, { question: { type: 'save' } });
      return;
    case 'store.claim':
      amendServer(turn, index, { question: { type: 'claim', smId: effect.smId, h: effect.h } });
      return;
    case 'store.hibernate':
      return;
    case 'store.expire':
      forget(turn, effect.smId);
      turn.old = { ...turn.old, [effect.smId]: effect.h };
      return;
    case 'store.forget':
      forget(turn, effect.smId);
  }
};

const forget = (turn: Turn, smId: string): void => {
  const index = turn.servers.findIndex((server) => server.smId === smId);
  if (index >= 0) amendServer(turn, index, { smId: null });
};
