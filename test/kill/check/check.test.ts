import { describe, expect, it } from 'vitest';
import { faultsIn } from './check.js';
import { Story } from './story.js';

const JULIET = 'juliet@localhost/a';
const ROMEO = 'romeo@localhost/a';
const PHONE = 'romeo@localhost/b';
const BARE = 'romeo@localhost';

const kindsIn = ({ facts }: Story): readonly string[] => faultsIn(facts).map(({ kind }) => kind);

/** Juliet and Romeo are online. */
const both = (): Story => new Story().login(JULIET).login(ROMEO);

/** Romeo has two clients, which see each other. */
const three = (): Story => both().login(PHONE).see(ROMEO, PHONE).see(PHONE, ROMEO);

/** Juliet's message came, and everybody knows. */
const delivered = (): Story => both().send(JULIET, 'm1', ROMEO).hear(JULIET).get(ROMEO, 'm1').tell(ROMEO);

describe('the checker of messages', () => {
  it('finds nothing when a message comes once', () => {
    expect(kindsIn(delivered())).toEqual([]);
  });

  it('finds a message that was acknowledged and reached no client', () => {
    expect(kindsIn(both().send(JULIET, 'm1', ROMEO).hear(JULIET))).toEqual(['lost']);
  });

  it('accepts that a message comes back as an error, once', () => {
    const story = both().send(JULIET, 'm1', ROMEO).hear(JULIET).returned(JULIET, 'm1');
    expect(kindsIn(story)).toEqual([]);
    expect(kindsIn(story.returned(JULIET, 'm1'))).toEqual(['doubled']);
  });

  it('does not miss a message that was written and not acknowledged before its session ended', () => {
    const story = both().send(JULIET, 'm1', ROMEO).forget(JULIET).login(JULIET);
    expect(kindsIn(story)).toEqual([]);
    expect(kindsIn(story.get(ROMEO, 'm1').tell(ROMEO))).toEqual([]);
  });

  it('knows from the h of a refusal that a message was handled', () => {
    const away = () => both().send(JULIET, 'm1', ROMEO).lose(JULIET).wait(11);
    expect(kindsIn(away().refuse(JULIET, 2).login(JULIET))).toEqual(['lost']);
    expect(kindsIn(away().refuse(JULIET, 1).login(JULIET))).toEqual([]);
  });

  it('finds a message that comes twice to one session', () => {
    expect(kindsIn(delivered().get(ROMEO, 'm1'))).toEqual(['doubled']);
  });

  it('finds a message that comes twice because its sender wrote it again in another session', () => {
    const story = delivered()
      .lose(JULIET)
      .wait(11)
      .refuse(JULIET)
      .login(JULIET)
      .write(JULIET, 'm1', ROMEO)
      .hear(JULIET);
    expect(kindsIn(story.get(ROMEO, 'm1'))).toEqual(['doubled']);
  });

  it('accepts that a message comes again to the next session when the server did not hear that it came', () => {
    const story = both().send(JULIET, 'm1', ROMEO).hear(JULIET).get(ROMEO, 'm1').forget(ROMEO).login(ROMEO);
    expect(kindsIn(story.get(ROMEO, 'm1'))).toEqual([]);
  });

  it('finds that an expired session gives a message out whose arrival the server knew', () => {
    const known = delivered().presence(ROMEO).hear(ROMEO).lose(ROMEO).wait(11).refuse(ROMEO).login(ROMEO);
    expect(kindsIn(known.get(ROMEO, 'm1'))).toEqual(['doubled']);
  });

  it('does not take it for known when the acknowledgement may not have arrived', () => {
    const story = delivered().presence(ROMEO).lose(ROMEO).wait(11).refuse(ROMEO, 1).login(ROMEO);
    expect(kindsIn(story.get(ROMEO, 'm1'))).toEqual([]);
  });

  it('finds a message that came and was returned too', () => {
    const story = delivered().presence(ROMEO).hear(ROMEO).returned(JULIET, 'm1');
    expect(kindsIn(story)).toEqual(['doubled']);
  });

  it('wants a copy of a message to a bare JID for each client that was there', () => {
    const story = three().send(JULIET, 'm1', BARE).hear(JULIET).get(ROMEO, 'm1', BARE);
    expect(kindsIn(story)).toEqual(['lost']);
    expect(kindsIn(story.get(PHONE, 'm1', BARE))).toEqual([]);
  });

  it('finds a copy for a client that was not there', () => {
    const story = both().send(JULIET, 'm1', BARE).hear(JULIET).get(ROMEO, 'm1', BARE).tell(ROMEO).presence(ROMEO);
    story.hear(ROMEO).login(PHONE).see(PHONE, ROMEO).see(ROMEO, PHONE);
    expect(kindsIn(story.get(PHONE, 'm1', BARE))).toEqual(['doubled']);
  });

  it('wants a message to a full JID at this client, when it was there all the time', () => {
    const story = three().send(JULIET, 'm1', ROMEO).hear(JULIET).get(PHONE, 'm1', ROMEO);
    expect(kindsIn(story)).toEqual(['lost']);
  });

  it('finds a message that waited in offline storage and reached no client', () => {
    const story = both().leave(ROMEO).send(JULIET, 'm1', BARE).hear(JULIET).login(ROMEO);
    expect(kindsIn(story)).toEqual(['lost']);
    expect(kindsIn(story.get(ROMEO, 'm1', BARE))).toEqual([]);
  });

  it('finds messages that overtake each other', () => {
    const story = both().send(JULIET, 'm1', ROMEO).send(JULIET, 'm2', ROMEO).hear(JULIET);
    expect(kindsIn(story.get(ROMEO, 'm2').get(ROMEO, 'm1'))).toEqual(['out of order']);
  });

  it('finds messages that overtake each other in offline storage, and does not compare them with what comes meanwhile', () => {
    const away = (): Story => both().leave(ROMEO).send(JULIET, 'm1', BARE).send(JULIET, 'm2', BARE).hear(JULIET);
    const back = away().login(ROMEO).send(JULIET, 'm3', BARE).hear(JULIET).get(ROMEO, 'm3', BARE);
    expect(kindsIn(back.get(ROMEO, 'm1', BARE).get(ROMEO, 'm2', BARE))).toEqual([]);
    expect(kindsIn(away().login(ROMEO).get(ROMEO, 'm2', BARE).get(ROMEO, 'm1', BARE))).toEqual(['out of order']);
  });

  it('does not compare messages to different addresses', () => {
    const story = both().send(JULIET, 'm1', ROMEO).send(JULIET, 'm2', BARE).hear(JULIET);
    expect(kindsIn(story.get(ROMEO, 'm2', BARE).get(ROMEO, 'm1'))).toEqual([]);
  });

  it('finds a message that no client sent, that came too early, that came to another user, or that was changed', () => {
    expect(kindsIn(both().get(ROMEO, 'm1'))).toEqual(['thin air']);
    expect(kindsIn(both().get(ROMEO, 'm1').send(JULIET, 'm1', ROMEO).hear(JULIET))).toEqual(['thin air']);
    expect(kindsIn(both().send(JULIET, 'm1', ROMEO).get(JULIET, 'm1'))).toContain('thin air');
    const changed = both().send(JULIET, 'm1', ROMEO).hear(JULIET);
    changed.add({
      ...{ is: 'got', by: ROMEO, session: `${ROMEO}#1`, n: 1 },
      stanza: { kind: 'message', id: 'm1', to: ROMEO, sound: false },
    });
    expect(kindsIn(changed)).toEqual(['thin air']);
  });

  it('finds an error for a message of another client', () => {
    expect(kindsIn(delivered().returned(ROMEO, 'm1'))).toContain('thin air');
  });

  it('excuses what was on the wire of a client without stream management', () => {
    const story = both().leave(ROMEO).add({ is: 'linked', by: ROMEO }).add({ is: 'binding', by: ROMEO });
    story.send(JULIET, 'm1', ROMEO).hear(JULIET).lose(ROMEO).login(ROMEO);
    expect(kindsIn(story)).toEqual([]);
  });
});

describe('the checker of counts', () => {
  it('finds an h beyond what was sent', () => {
    expect(kindsIn(both().hear(JULIET, 2))).toEqual(['h too high']);
  });

  it('finds an h that falls back, on one connection and on the next', () => {
    expect(kindsIn(delivered().hear(JULIET, 1))).toEqual(['h fell back']);
    expect(kindsIn(delivered().lose(JULIET).resume(JULIET, 1))).toEqual(['h fell back']);
  });

  it('finds an h that falls back in a refusal', () => {
    expect(kindsIn(delivered().lose(JULIET).wait(11).refuse(JULIET, 1).login(JULIET))).toEqual(['h fell back']);
  });

  it('finds a stanza that is not acknowledged until the end', () => {
    expect(kindsIn(both().send(JULIET, 'm1', ROMEO).get(ROMEO, 'm1'))).toEqual(['unsettled']);
  });

  it('finds a client that miscounts', () => {
    const story = delivered().add({ is: 'told', by: ROMEO, session: `${ROMEO}#1`, h: 7 });
    expect(kindsIn(story)).toEqual(['dishonest client']);
  });
});

describe('the checker of resumptions', () => {
  it('accepts that both sides write the rest again', () => {
    const story = both()
      .send(JULIET, 'm1', ROMEO)
      .lose(JULIET)
      .resume(JULIET, 1)
      .write(JULIET, 'm1', ROMEO)
      .hear(JULIET);
    expect(kindsIn(story.get(ROMEO, 'm1'))).toEqual([]);
  });

  it('finds a replay of what the h of the client covered', () => {
    expect(kindsIn(delivered().lose(ROMEO).resume(ROMEO).get(ROMEO, 'm1'))).toEqual(['replay']);
  });

  it('finds a replay that leaves something out', () => {
    const story = delivered().send(JULIET, 'm2', ROMEO).send(JULIET, 'm3', ROMEO).hear(JULIET).lose(ROMEO);
    expect(kindsIn(story.resume(ROMEO).get(ROMEO, 'm3'))).toEqual(['lost']);
  });

  it('finds a refusal in time', () => {
    expect(kindsIn(both().lose(JULIET).wait(5).refuse(JULIET).login(JULIET))).toEqual(['refused in time']);
    expect(kindsIn(both().lose(JULIET).wait(11).refuse(JULIET).login(JULIET))).toEqual([]);
  });

  it('counts the time from the last word of the server, because no log says when it noticed the loss', () => {
    const story = both().wait(9).lose(JULIET).wait(2).refuse(JULIET).login(JULIET);
    expect(kindsIn(story)).toEqual([]);
  });

  it('finds an error of the stream that the client did not provoke', () => {
    const error = (condition: string): Story => both().add({ is: 'streamError', by: JULIET, condition });
    expect(kindsIn(error('undefined-condition handled-count-too-high'))).toEqual(['stream error']);
    expect(kindsIn(error('conflict'))).toEqual([]);
  });
});

describe('the checker of presence', () => {
  /** Juliet watches Romeo. */
  const watched = (): Story => both().watches('juliet@localhost', BARE).see(JULIET, ROMEO);

  it('finds nothing when a contact is away for a while, and comes back', () => {
    expect(kindsIn(watched().lose(ROMEO).wait(5).resume(ROMEO).presence(ROMEO).hear(ROMEO).see(JULIET, ROMEO))).toEqual(
      [],
    );
  });

  it('finds that a contact is said to be gone that comes back in time', () => {
    const story = watched().lose(ROMEO).seeGone(JULIET, ROMEO).resume(ROMEO);
    expect(kindsIn(story)).toEqual(['false presence', 'missing presence']);
    expect(kindsIn(story.presence(ROMEO).hear(ROMEO).see(JULIET, ROMEO))).toEqual(['false presence']);
  });

  it('wants to hear that a session is over, once', () => {
    const gone = () => watched().lose(ROMEO).wait(11);
    const back = (story: Story) => story.refuse(ROMEO).login(ROMEO).see(JULIET, ROMEO);
    expect(kindsIn(back(gone().seeGone(JULIET, ROMEO)))).toEqual([]);
    expect(kindsIn(back(gone()))).toEqual(['missing presence']);
    expect(kindsIn(back(gone().seeGone(JULIET, ROMEO).seeGone(JULIET, ROMEO)))).toEqual(['false presence']);
  });

  it('finds a ghost: a client that has logged out and is still seen at the end', () => {
    expect(kindsIn(watched().leave(ROMEO))).toEqual(['false presence']);
    expect(kindsIn(watched().leave(ROMEO).seeGone(JULIET, ROMEO))).toEqual([]);
  });

  it('wants every update that was acknowledged, in order', () => {
    expect(kindsIn(watched().presence(ROMEO).hear(ROMEO))).toEqual(['missing presence']);
    const two = watched().presence(ROMEO).presence(ROMEO).hear(ROMEO);
    expect(kindsIn(two.see(JULIET, ROMEO, `${ROMEO}:3`).see(JULIET, ROMEO, `${ROMEO}:2`))).toEqual(['out of order']);
  });

  it('wants a contact that is there to be seen by one who comes later', () => {
    const story = watched().leave(JULIET).login(JULIET);
    expect(kindsIn(story)).toEqual(['missing presence']);
    expect(kindsIn(story.see(JULIET, ROMEO))).toEqual([]);
  });

  it('finds presence that comes twice, but not when one of the two has just come', () => {
    expect(kindsIn(watched().see(JULIET, ROMEO))).toEqual([]);
    expect(kindsIn(watched().wait(5).see(JULIET, ROMEO))).toEqual(['doubled']);
  });

  it('does not need to hear of a resource that is bound anew', () => {
    expect(kindsIn(watched().forget(ROMEO).login(ROMEO).see(JULIET, ROMEO))).toEqual([]);
  });

  it('finds presence that no client sent', () => {
    expect(kindsIn(watched().see(JULIET, ROMEO, 'a mark'))).toEqual(['thin air']);
  });
});
