/** The inspector's page. */
import type { DetailMessage, ListMessage, LoggedStep, Pictures } from '../messages.js';
import { createAbout } from './about.js';
import { showCaption } from './caption.js';
import { createChart } from './chart.js';
import { byId, setText } from './dom.js';
import { createFacts } from './facts.js';
import { createList } from './list.js';
import { createLog } from './log.js';
import { createPicked } from './picked.js';
import { createRecord } from './record.js';
import { openSource } from './source.js';
import { showTitle } from './title.js';
import { createViews } from './views.js';
import { grouped } from './words.js';

const pictures: Pictures = await (await fetch('/pictures.json')).json();
const picked = createPicked();
const views = createViews();
const chart = createChart(pictures, picked);
const about = createAbout(pictures, picked);
const facts = createFacts(pictures);
const log = createLog();
const connection = byId('connection', HTMLElement);

let shown: DetailMessage | undefined;
let newest: LoggedStep | undefined;

const source = openSource({
  list(message) {
    showTotal(message);
    if (message.of !== null) setText(connection, 'record');
    record.show(message);
    list.update(message);
  },
  detail(message) {
    if (message.id !== shown?.id) {
      log.clear();
      newest = undefined;
    }
    newest = message.log.at(-1) ?? newest;
    showSession(message);
    log.add(message.log);
  },
  connected(is) {
    connection.dataset.state = is ? 'live' : 'lost';
    setText(connection, is ? 'live' : 'not connected: the page tries again');
  },
});
const list = createList({
  onLook: ({ id }) => source.select(id),
  onOpen: () => views.show('chart'),
  onSearch: () => views.show('sessions'),
});
const record = createRecord(source.seek);

const showTotal = ({ steps, of }: ListMessage): void => {
  const total = byId('steps', HTMLElement);
  total.dataset.steps = `${steps}`;
  setText(total, grouped(steps));
  setText(byId('of', HTMLElement), of === null ? '' : ` of ${grouped(of)}`);
};

const showSession = (session: DetailMessage): void => {
  const { role, configuration } = session;
  // The other chart has no such state.
  if (shown?.role !== role && picked.state !== undefined) picked.pick(undefined);
  shown = session;
  chart.show(session, newest);
  about.follow(pictures.charts[role], configuration.split(' & '));
  facts.show(session);
  showTitle(session);
  showCaption(newest);
};
