/**
 * The XML of stream management: a strict stream parser, the nonzas as plain data, stream errors, delay stamps.
 *
 * Only the parser keeps state. This entry does not know the state of a session.
 */

export { streamErrorCondition } from './xml/conditions.js';
export { type Delay, stampDelay } from './xml/delay.js';
export { clone, Element } from './xml/element.js';
export { escapeXml } from './xml/escape.js';
export { type Framing, serverFraming, tcpFraming, webSocketFraming } from './xml/framing.js';
export { type ClassifyOptions, classify, type Incoming } from './xml/incoming.js';
export { CLIENT, type ContentNamespace, DIALBACK, SERVER, STREAMS } from './xml/names.js';
export { type DecodedNonza, decodeNonza, encodeNonza, MAX_SECONDS, MAX_SM_ID_BYTES } from './xml/nonza-codec.js';
export { ownElement } from './xml/own-element.js';
export { parseElement } from './xml/parse-element.js';
export { peerEvent } from './xml/peer-event.js';
export { print } from './xml/print.js';
export {
  type AuthenticateAnswer,
  type AuthenticateRequest,
  BIND_2,
  type BindRequest,
  CSI,
  printSuccess,
  readAuthenticate,
  readSuccess,
  SASL_2,
  type SuccessParts,
} from './xml/sasl2.js';
export { type StanzaText, stampText } from './xml/stamp-text.js';
export { standingAlone } from './xml/standing-alone.js';
export { decodeStreamError, encodeStreamError } from './xml/stream-error.js';
export {
  createStreamParser,
  type StreamLimits,
  type StreamListener,
  type StreamParser,
  type StreamParserOptions,
} from './xml/stream-parser.js';
