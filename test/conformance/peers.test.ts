/** Real servers, and what the check says of them: docs/what-the-check-finds.md explains it. */
import { expect, it } from 'vitest';
import type { Target } from '../../src/conformance/index.js';
import { ejabberd } from '../interop/peers/ejabberd.js';
import { PASSWORD, type Transport } from '../interop/peers/peer.js';
import { prosody } from '../interop/peers/prosody.js';
import { withPeer } from '../interop/suite.js';
import { run, verdicts } from './verdicts.js';

const TRANSPORTS: readonly (readonly [Transport, Target['transport']])[] = [
  ['TCP', 'tcp'],
  ['direct TLS', 'tls'],
  ['WebSocket', 'ws'],
];

for (const [kind, name] of [
  [prosody, 'prosody'],
  [ejabberd, 'ejabberd'],
] as const) {
  withPeer(kind, (peer, newUser) => {
    it.each(TRANSPORTS)('is found to be as we know it, over %s', { timeout: 180_000 }, async (reached, transport) => {
      const { port, path, domain } = peer().entrance(reached, 'checked');
      const users = Array.from({ length: 8 }, () => newUser());
      const results = await run({ target: { port, path, domain, transport }, users, password: PASSWORD });
      const file = transport === 'ws' ? `${name}-websocket` : `${name}-tcp`;
      await expect(verdicts(results)).toMatchFileSnapshot(`expected/${file}.txt`);
    });
  });
}
