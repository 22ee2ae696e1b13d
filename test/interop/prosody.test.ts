import { expect, it } from 'vitest';
import { createCuttingProxy } from '../../src/testing.js';
import { reasonOf } from './clients/client.js';
import { connectOwn } from './clients/own.js';
import { prosody } from './peers/prosody.js';
import { interop, newStage, overflow, withPeer } from './suite.js';

/**
 * Prosody 0.12 keeps half an element, or half a frame, of a connection that broke and reads the next one behind it: the session it
 * resumes is then lost.
 */
interop({ kind: prosody, gentleness: () => 'whole' });

withPeer(prosody, (peer, newUser) => {
  it('reads half an element into the resumed stream and ends the stream: the receipt settles, and a new session follows', async (context) => {
    const stage = newStage(context, connectOwn, (life) => peer().entrance('TCP', life), newUser);
    const proxy = await createCuttingProxy({ target: { host: '127.0.0.1', port: stage.entrance('long').port } });
    context.onTestFinished(() => proxy.close());
    const romeo = await stage.join({ life: 'long', port: proxy.port });
    const [link] = proxy.connections;
    if (link === undefined) expect.fail('there is no link');
    const cut = proxy.cut(link, { how: 'inside', direction: 'up', keepBytes: 20 });
    const receipt = romeo.send(romeo.jid, 'cut in half').acked;
    await cut;
    await romeo.reports.nth('resumed');
    await romeo.reports.nth('enabled', 2);
    expect(await receipt.catch(reasonOf)).toBe('closed');
    await romeo.send(romeo.jid, 'goes on').acked;
  });

  it('closes without an answer when the queue has overflowed: the client resumes again, is refused, and begins a new session (server class 12)', async (context) => {
    const { romeo, connections } = await overflow(
      newStage(context, connectOwn, (life) => peer().entrance('TCP', life), newUser),
    );
    await romeo.reports.nth('resumptionFailed');
    expect(romeo.reports.of('resumptionFailed')).toMatchObject([{ condition: 'item-not-found', h: null }]);
    expect(connections()).toBe(3);
    await romeo.reports.nth('enabled', 2);
    await romeo.send(romeo.jid, 'goes on').acked;
  });
});
