import { expect, it } from 'vitest';
import { connectOwn } from './clients/own.js';
import { ejabberd } from './peers/ejabberd.js';
import { interop, newStage, overflow, withPeer } from './suite.js';

/**
 * Over WebSocket ejabberd 23.01 waits 15 s for a connection that goes while it writes to it: the writing process waits for an answer
 * from one that is no more. It does not answer <resume/> meanwhile, and then refuses it.
 */
interop({ kind: ejabberd, gentleness: (transport) => (transport === 'WebSocket' ? 'calm' : 'any') });

withPeer(ejabberd, (peer, newUser) => {
  it('ends a session whose queue has overflowed while it hibernates: the client is refused and begins a new session (server class 12)', async (context) => {
    const { romeo } = await overflow(newStage(context, connectOwn, (life) => peer().entrance('TCP', life), newUser));
    await romeo.reports.nth('resumptionFailed');
    expect(romeo.reports.of('resumptionFailed')).toMatchObject([{ condition: 'item-not-found' }]);
    await romeo.reports.nth('enabled', 2);
    await romeo.send(romeo.jid, 'goes on').acked;
  });
});
