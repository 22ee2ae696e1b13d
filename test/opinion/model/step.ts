/** One event of the model: it changes the model and returns the orders. */
import type { Effect } from '../../../src/index.js';
import { ask, wantsToAsk } from './asking.js';
import { onClient } from './client.js';
import { fire, setClocks } from './clocks.js';
import { activity } from './enabled.js';
import type { Ev } from './event.js';
import { isLate, isMalformed, isOfAnotherLink } from './meaning.js';
import type { Choices, Model, Timers } from './model.js';
import { send } from './outbound.js';
import { levelOf, tellPressure } from './pressure.js';
import { misuse } from './say.js';
import { onServer, onStore } from './server.js';

/**
 * @param choices what the clauses leave free, as the project decided it; without them the model decides
 */
export const stepModel = (model: Model, event: Ev, choices?: Choices): readonly Effect[] => {
  model.out = [];
  model.choices = choices ?? null;
  if (isMalformed(model, event)) misuse(model, event.type);
  else if (model.phase === 'ended') afterTheEnd(model, event);
  else if (!isOfAnotherLink(model, event)) live(model, event);
  return model.out;
};

const live = (model: Model, event: Ev) => {
  const before = levelOf(model);
  const wasEnabled = model.phase === 'enabled';
  act(model, event);
  tellPressure(model, event.type, before, wasEnabled);
  const { choices } = model;
  const asking = choices === null ? wantsToAsk(model, event.type) : choices.asks && model.question === null;
  if (model.phase === 'enabled' && asking) ask(model, event.at);
  setClocks(model, event.at);
};

/** A stanza gets its fate also after the end, and the store is told of a session that no stream uses. */
const afterTheEnd = (model: Model, event: Ev) => {
  if (event.type === 'app.send') return act(model, event);
  if (event.type === 'store.saved' || event.type === 'store.claimed')
    return model.role === 'server' ? onStore(model, event) : undefined;
  if (!isLate(event)) misuse(model, event.type);
};

const act = (model: Model, event: Ev) => {
  if (event.type === 'app.send') {
    const { xml, kind, type, key } = event.stanza;
    send(model, { xml, kind, type, key: key ?? null, at: event.at }, event.mayWait === true);
  } else if (event.type.startsWith('timer.')) {
    fire(model, event.type.slice('timer.'.length) as keyof Timers, event.at);
  } else if (event.type === 'app.inactive' || event.type === 'app.active') {
    activity(model, event.type === 'app.inactive');
  } else if (model.role === 'client') onClient(model, event);
  else onServer(model, event);
};
