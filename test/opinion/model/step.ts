/** One event of the model: it changes the model and returns the orders. */
import type { Effect } from '../../../src/index.js';
import { ask, wantsToAsk } from './asking.js';
import { onClient } from './client.js';
import { fire, setClocks } from './clocks.js';
import { activity } from './enabled.js';
import type { Ev } from './event.js';
import type { Choices, Model, Timers } from './model.js';
import { send } from './outbound.js';
import { onServer } from './server.js';

/**
 * @param choices what the clauses leave free, as the project decided it; without them the model decides
 */
export const stepModel = (model: Model, event: Ev, choices?: Choices): readonly Effect[] => {
  model.out = [];
  model.choices = choices ?? null;
  if (!isMeant(model, event)) return model.out;
  act(model, event);
  const asking = choices === undefined ? wantsToAsk(model, event.type) : choices.asks && model.question === null;
  if (model.phase === 'enabled' && asking) ask(model, event.at);
  setClocks(model, event.at);
  return model.out;
};

/** Events of another link, and events of no link, are dropped (law 6). */
const isMeant = (model: Model, event: Ev) => {
  if (model.phase === 'ended' && event.type !== 'app.send') return false;
  if (event.type === 'link.opened' || !('epoch' in event)) return true;
  return event.epoch !== 0 && event.epoch === model.epoch;
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
