/** `smacks/client` in a browser: one session, from the first connection to a resumption. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundled } from '../support/bundled.js';
import { withBrowser } from './browser.js';

const PAGE = `<!doctype html><script type="module">
import { drive, open, policy } from './client.js';
const log = [];

const session = drive(open('client', policy()), (effect) => {
  if (effect.type === 'write') log.push('<' + effect.nonza.name + '/>');
  if (effect.type === 'transmit') log.push(effect.xml);
  if (effect.type === 'replay') log.push(...effect.stanzas.map(({ xml }) => xml));
  if (effect.type === 'report') log.push(effect.report.type);
});
const at = Date.now();
const send = (stanza) => session.send({ type: 'app.send', at, stanza: { xml: stanza, kind: 'message', type: 'chat' } });
session.send({ type: 'link.opened', at, epoch: 1 });
session.send({ type: 'app.authenticated', at, owner: 'juliet@example.net' });
session.send({ type: 'app.bound', at });
session.send({ type: 'app.enable', at });
session.send({ type: 'peer.enabled', at, epoch: 1, resume: true, id: 'some-id', max: 300 });
send('<message id="1"/>');
session.send({ type: 'peer.a', at, epoch: 1, h: 1 });
send('<message id="2"/>');
session.send({ type: 'link.lost', at, epoch: 1 });
send('<message id="3"/>');
session.send({ type: 'link.opened', at, epoch: 2 });
session.send({ type: 'app.authenticated', at, owner: 'juliet@example.net' });
session.send({ type: 'app.resume', at });
session.send({ type: 'peer.resumed', at, epoch: 2, previd: 'some-id', h: 1 });
const { configuration, session: { acked, written } } = session.state;
document.title = JSON.stringify({ log, configuration, sent: acked + written });
</script>`;

withBrowser('a client in a browser', (visit) => {
  let url = '';
  const server = createServer((request, response) => {
    const isPage = request.url === '/';
    response.setHeader('content-type', isPage ? 'text/html' : 'text/javascript');
    if (isPage) response.end(PAGE);
    else void bundled("export * from 'smacks/client'").then((text) => response.end(text));
  });

  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  afterAll(() => void server.close());

  it('sends unacknowledged stanzas again after a resumption (R-5, R-6)', async () => {
    const page = await visit(url);
    await expect.poll(() => page.title()).toContain('{');
    expect(page.strayed).toEqual([]);
    expect(JSON.parse(await page.title())).toEqual({
      log: [
        ...['<enable/>', 'enabled', '<message id="1"/>', 'acknowledged', '<message id="2"/>', 'hibernationStart'],
        ...['<resume/>', 'hibernationEnd', 'resumed', '<message id="2"/>', '<message id="3"/>', '<r/>'],
      ],
      configuration: 'enabled.acking.awaitingAck.inTime & enabled.capacity.belowLimit',
      sent: 3,
    });
  });
});
