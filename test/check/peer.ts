/** Real servers, and what the check says of them: docs/what-the-check-finds.md explains it. */
import { expect, it } from 'vitest';
import { PASSWORD, type PeerKind, type Transport } from '../interop/peers/peer.js';
import { withPeer } from '../interop/suite.js';
import { type Place, run, verdicts } from './verdicts.js';

const NAMES: Readonly<Record<Transport, Place['transport']>> = {
  TCP: 'tcp',
  STARTTLS: 'starttls',
  'direct TLS': 'tls',
  WebSocket: 'ws',
};

/**
 * Over each of these transports the server gets the verdicts of its expected file.
 * @param unsteady ids of checks that it passes at times
 * @param more tests of its own
 */
export const expectPeer = (
  kind: PeerKind,
  name: string,
  transports: readonly Transport[],
  unsteady: readonly string[] = [],
  more: Parameters<typeof withPeer>[1] = () => {},
): void =>
  withPeer(kind, (peer, newUser) => {
    more(peer, newUser);

    it.each(transports)('gets the expected verdicts, over %s', { timeout: 180_000 }, async (transport) => {
      const { port, path, domain } = peer().entrance(transport, 'checked');
      const users = Array.from({ length: 8 }, () => newUser());
      const target = { port, path, domain, transport: NAMES[transport] };
      const results = await run({ target, users, password: PASSWORD });
      const file = transport === 'WebSocket' ? `${name}-websocket` : `${name}-tcp`;
      await expect(verdicts(results, unsteady)).toMatchFileSnapshot(`expected/${file}.txt`);
    });
  });
