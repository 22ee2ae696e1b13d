import { describe, expect, it } from 'vitest';
import { message, type RawClient, SM } from '../support/raw-client.js';
import { CAPULET, MONTAGUE, startTwoServers } from '../support/two-servers.js';

const ROMEO = `romeo@${MONTAGUE}/a`;
const JULIET = `juliet@${CAPULET}/a`;

const startStage = async () => {
  const servers = await startTwoServers();
  const romeo = await servers.montague.bound('romeo', 'a');
  const juliet = await servers.capulet.bound('juliet', 'a');
  return { ...servers, romeo, juliet };
};

const answer = async (client: RawClient, id: string): Promise<string> =>
  (await client.until(new RegExp(`<(iq|message|presence) [^>]*id="${id}"(?:[^>]*/>|.*?</\\1>)`)))[0];

describe('between two servers', () => {
  it('a request and its result are delivered', async () => {
    const { romeo, juliet } = await startStage();
    romeo.write(`<iq to='${JULIET}' id='i1' type='get'><query xmlns='jabber:iq:version'/></iq>`);
    const request = await answer(juliet, 'i1');
    expect(request).toContain(`from="${ROMEO}"`);
    juliet.write(
      `<iq to='${ROMEO}' id='i1' type='result'><query xmlns='jabber:iq:version'><name>n</name></query></iq>`,
    );
    expect(await answer(romeo, 'i1')).toContain(`from="${JULIET}"`);
  });

  it('a request to the other server is answered by that server', async () => {
    const { romeo } = await startStage();
    romeo.write(`<iq to='${CAPULET}' id='i1' type='get'><ping xmlns='urn:xmpp:ping'/></iq>`);
    expect(await answer(romeo, 'i1')).toContain(`type="result"`);
    romeo.write(`<iq to='${CAPULET}' id='i2' type='get'><query xmlns='jabber:iq:private'/></iq>`);
    expect(await answer(romeo, 'i2')).toContain('<service-unavailable ');
    romeo.write(`<iq to='${CAPULET}' id='i3' type='get'/>`);
    expect(await answer(romeo, 'i3')).toContain('<bad-request ');
  });

  it('errors of the other server come back', async () => {
    const { romeo } = await startStage();
    romeo.write(message(`nobody@${CAPULET}`, 'm1'));
    expect(await answer(romeo, 'm1')).toContain('<service-unavailable ');
  });

  it('a message waits for a user who is offline on the other server', async () => {
    const { romeo, juliet, capulet } = await startStage();
    romeo.write(message(`nurse@${CAPULET}`, 'm1') + message(JULIET, 'm2'));
    await juliet.until(/id="m2"/);
    const nurse = await capulet.bound('nurse', 'a');
    nurse.write('<presence/>');
    expect(await answer(nurse, 'm1')).toContain('<delay ');
  });

  it('directed presence is delivered, and so is its end when the sender goes (RFC 6121 section 4.6)', async () => {
    const { romeo, juliet } = await startStage();
    romeo.write(`<presence to='${JULIET}' id='p1'/>`);
    await answer(juliet, 'p1');
    romeo.reset();
    await juliet.until(
      new RegExp(`<presence [^>]*from="${ROMEO}"[^>]*type="unavailable"|type="unavailable"[^>]*from="${ROMEO}"`),
    );
  });

  it("a subscription is refused by the sender's server and by the receiver's", async () => {
    const { romeo, capulet, juliet } = await startStage();
    romeo.write(`<presence to='juliet@${CAPULET}' id='p1' type='subscribe'/>`);
    expect(await answer(romeo, 'p1')).toContain('<feature-not-implemented ');
    romeo.write(message(JULIET, 'm1'));
    await juliet.until(/id="m1"/);
    expect(capulet.events.filter(({ report }) => /violation/i.test(report.type))).toEqual([]);
  });

  it('a stanza to a domain that is not listed gets remote-server-not-found', async () => {
    const { romeo } = await startStage();
    romeo.write(message('paris@verona.example', 'm1'));
    expect(await answer(romeo, 'm1')).toContain('<remote-server-not-found ');
    romeo.write("<presence to='paris@verona.example' id='p1'/>");
    expect(await answer(romeo, 'p1')).toContain('<remote-server-not-found ');
  });

  it('a message is delivered unchanged, also a forwarded message inside it', async () => {
    const { romeo, juliet } = await startStage();
    const inner = "<message xmlns='jabber:client' to='a@b' id='inner'><body>&lt;é𝄞&gt;</body></message>";
    romeo.write(
      `<message to='${JULIET}' id='m1'><body xml:lang='it'>ciao</body><forwarded xmlns='urn:xmpp:forward:0'>${inner}</forwarded></message>`,
    );
    const [text] = await juliet.until(/<message [^>]*id="m1".*<\/forwarded><\/message>/);
    expect(text).not.toContain('jabber:server');
    expect(text).toContain('<body xml:lang="it">ciao</body>');
    expect(text).toMatch(/<forwarded xmlns="urn:xmpp:forward:0"><message xmlns="jabber:client"/);
    expect(text).toContain('&lt;é𝄞&gt;');
  });

  it('a stanza of a client to itself goes to no other server', async () => {
    const { romeo, montague } = await startStage();
    romeo.write(message(ROMEO, 'm1'));
    await romeo.until(/id="m1"/);
    await romeo.write(`<r xmlns='${SM}'/>`).until(/<failed /);
    expect(montague.events.some(({ session }) => session.includes('->'))).toBe(false);
  });
});
