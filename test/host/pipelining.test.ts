/** XEP-0305: a client may write the header of its next stream before it has the answer to its login. */
import { describe, expect, it } from 'vitest';
import { connectRaw, connectRawWebSocket, HEADER, type RawClient, SM } from '../support/raw-client.js';
import { startHost } from '../support/test-host.js';

const auth = (password: string): string =>
  `<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${Buffer.from(`\0romeo\0${password}`).toString('base64')}</auth>`;
const BIND =
  "<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>a</resource></bind></iq>";
const OPEN = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0'/>";

const over = {
  TCP: async (port: number): Promise<RawClient> => connectRaw(port),
  WebSocket: async (port: number): Promise<RawClient> => connectRawWebSocket(port),
};

describe.each(['TCP', 'WebSocket'] as const)(
  'a login over %s whose next stream begins before the answer (H20)',
  (way) => {
    const start = async (password: string) => {
      const { host } = await startHost();
      const { port } = await host.listen({ host: '127.0.0.1', port: 0, websocket: way === 'WebSocket' });
      const client = await over[way](port);
      const header = way === 'TCP' ? HEADER : OPEN;
      const login = [header, auth(password), header, BIND, `<enable xmlns='${SM}'/>`];
      return { client, login };
    };

    it.each([1, 2])('works, as often as the password was checked before: %s', async (times) => {
      const { host } = await startHost();
      const { port } = await host.listen({ host: '127.0.0.1', port: 0, websocket: way === 'WebSocket' });
      const header = way === 'TCP' ? HEADER : OPEN;
      for (let time = 0; time < times; time += 1) {
        const client = await over[way](port);
        const login = [header, auth('romeo-secret'), header, BIND, `<enable xmlns='${SM}'/>`];
        if (way === 'TCP') client.write(login.join(''));
        else for (const message of login) client.write(message);
        await client.until(/<success .*<bind .*<jid>romeo@localhost\/a<\/jid>.*<enabled /s);
      }
    });

    it('works in any pieces', async () => {
      const { client, login } = await start('romeo-secret');
      if (way === 'TCP') for (const char of login.join('')) client.write(char);
      else for (const message of login) client.write(message);
      await client.until(/<success .*<enabled /s);
    });

    it('fails by its password, and the stream that follows is refused', async () => {
      const { client, login } = await start('wrong');
      if (way === 'TCP') client.write(login.join(''));
      else for (const message of login) client.write(message);
      await client.until(/<failure .*<not-authorized/s);
      await client.gone();
      expect(client.received).not.toContain('<jid>');
      expect(client.received).toContain('<stream:error');
    });

    it('is refused when the client writes more than a login needs', async () => {
      const { client, login } = await start('romeo-secret');
      const [header = '', password = ''] = login;
      const much = `<message><body>${'x'.repeat(15_000)}</body></message>`;
      if (way === 'TCP') client.write(header + password + much + much);
      else for (const message of [header, password, much, much]) client.write(message);
      await client.gone();
      expect(client.received).toContain('<policy-violation');
    });
  },
);
