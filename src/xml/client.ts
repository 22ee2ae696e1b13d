/** The XML of the sessions of a client: `xml.ts` without what only a server reads or writes. */
export { encodeFromClient } from './client-nonza-codec.js';
export { peerEventFromServer } from './peer-event.js';
export { bytesIn } from './utf8.js';
