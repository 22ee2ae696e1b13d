/** The inspector's page. */
import type { DetailMessage, ListMessage, LoggedStep, Pictures, Role } from '../messages.js';
import { createAbout } from './about.js';
import { type Chart, createChart, noChart } from './chart.js';
import { byId, element, setText } from './dom.js';
import { createFacts } from './facts.js';
import { createList, inShort } from './list.js';
import { clauseLink, createLog } from './log.js';
import { createRecord } from './record.js';
import { openSource } from './source.js';
import { grouped } from './words.js';

const pictures: Pictures = await (await fetch('/pictures.json')).json();
const about = createAbout(pictures);
const charts: Readonly<Record<Role, Chart>> = {
  client: createChart(pictures.charts.client, about.pick),
  server: createChart(pictures.charts.server, about.pick),
};
const facts = createFacts();
const log = createLog();
const [name, where, last] = ['name', 'where', 'last'].map((id) => byId(id, HTMLElement)) as [
  HTMLElement,
  HTMLElement,
  HTMLElement,
];
const picture = byId('chart', HTMLElement);
picture.append(noChart());

let shown: number | undefined;
let newest: LoggedStep | undefined;

const source = openSource({
  list(message) {
    showTotal(message);
    if (message.of !== null) setText(byId('connection', HTMLElement), 'record');
    record.show(message);
    list.update(message);
  },
  detail(message) {
    if (message.id !== shown) {
      log.clear();
      newest = undefined;
    }
    shown = message.id;
    newest = message.log.at(-1) ?? newest;
    showSession(message);
    log.add(message.log);
  },
  connected(is) {
    const connection = byId('connection', HTMLElement);
    connection.dataset.state = is ? 'live' : 'lost';
    setText(connection, is ? 'live' : 'not connected, trying again');
  },
});
const list = createList(({ id }) => source.select(id));
const record = createRecord(source.seek);

function showTotal({ steps, of }: ListMessage): void {
  const total = byId('steps', HTMLElement);
  total.dataset.steps = `${steps}`;
  setText(total, grouped(steps));
  setText(byId('of', HTMLElement), of === null ? '' : ` of ${grouped(of)}`);
}

function showSession(session: DetailMessage): void {
  const { role, status, steps, configuration, disagreement } = session;
  const chart = charts[role];
  if (picture.firstChild !== chart.node) picture.replaceChildren(chart.node);
  chart.show(session, newest);
  about.follow(pictures.charts[role], configuration.split(' & '));
  facts.show(session);
  setText(name, session.name);
  where.replaceChildren(
    element('span', { class: 'badge', 'data-status': status }, inShort(session)),
    element('span', {}, role),
    element('span', { id: 'session-steps', 'data-steps': `${steps}` }, `${grouped(steps)} steps`),
  );
  if (disagreement !== null) where.append(element('span', { class: 'disagreement' }, disagreement));
  showLast();
}

/** The last step, as a caption of the chart. */
function showLast(): void {
  if (newest === undefined) return;
  const { event, about: facts, taken, entered } = newest;
  const clauses = [...new Set(taken.flatMap((one) => one.clauses))];
  const guards = taken.flatMap(({ guard }) => (guard === null ? [] : [`[${guard}]`]));
  last.replaceChildren(
    element('b', {}, event),
    ...[facts, ...guards].filter((text) => text !== '').map((text) => element('span', {}, text)),
    ...(entered.length > 0 ? [element('span', { class: 'move' }, `→ ${entered.join(' & ')}`)] : []),
    ...clauses.map(clauseLink),
  );
}
