import { expect, it } from 'vitest';
import { checks } from '../../src/check.js';
import { ejabberd } from '../interop/peers/ejabberd.js';
import { PASSWORD } from '../interop/peers/peer.js';
import { expectPeer } from './peer.js';
import { run, verdicts } from './verdicts.js';

// Not over WebSocket: what it does there with a session whose connection is gone differs from run to run.
expectPeer(ejabberd, 'ejabberd', ['TCP', 'direct TLS'], ['replay-before-newest'], (peer, newUser) => {
  it('gets the expected verdicts when it sends the stanzas of an expired session again', {
    timeout: 180_000,
  }, async () => {
    const { port, domain } = peer().entrance('TCP', 'resent');
    const results = await run({
      target: { port, domain, transport: 'tcp' },
      users: Array.from({ length: 8 }, () => newUser()),
      password: PASSWORD,
      options: { checks: checks.filter(({ id }) => id.startsWith('remains')) },
    });
    await expect(verdicts(results)).toMatchFileSnapshot('expected/ejabberd-resending.txt');
  });
});
