/** From a TCP connection to a stream on which a session may be begun or resumed. */
import { PASSWORD } from '../../interop/peers/peer.js';
import { Link } from './link.js';
import { scram } from './scram.js';
import type { Entrance } from './servers.js';

export type Mechanism = 'PLAIN' | 'SCRAM-SHA-1';

/** Step by step, as clients do; the second half of it is the same for every mechanism. */
export const logIn = async ({ port, domain }: Entrance, user: string, mechanism: Mechanism): Promise<Link> => {
  const link = await Link.open(port);
  const header = `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='${domain}' version='1.0'>`;
  link.write(header);
  await link.until(FEATURES);
  if (mechanism === 'PLAIN') await plain(link, user);
  else await scram(link, domain, user);
  link.write(header);
  await link.until(FEATURES);
  return link;
};

const plain = async (link: Link, user: string): Promise<void> => {
  const message = Buffer.from(`\0${user}\0${PASSWORD}`).toString('base64');
  link.write(`<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>${message}</auth>`);
  await link.until(/<success [^>]*>/);
};

const FEATURES = /<\/stream:features>/;
