/**
 * The XML of stream management: a strict stream parser, the nonzas as plain data, stream errors, delay stamps.
 *
 * Nothing here keeps state but the parser, and nothing here knows the state of a session.
 */
export { Element } from 'ltx';
export { type Delay, stampDelay } from './delay.js';
export { escapeXml } from './escape.js';
export { type Framing, serverFraming, tcpFraming, webSocketFraming } from './framing.js';
export { type ClassifyOptions, classify, type Incoming } from './incoming.js';
export { CLIENT, type ContentNamespace, DIALBACK, SERVER, STREAMS } from './names.js';
export { type DecodedNonza, decodeNonza, encodeNonza, MAX_SECONDS, MAX_SM_ID_BYTES } from './nonza-codec.js';
export { ownElement } from './own-element.js';
export { parseElement } from './parse-element.js';
export { peerEvent } from './peer-event.js';
export { print } from './print.js';
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
} from './sasl2.js';
export { standingAlone } from './standing-alone.js';
export { decodeStreamError, encodeStreamError } from './stream-error.js';
export {
  createStreamParser,
  type StreamLimits,
  type StreamListener,
  type StreamParser,
  type StreamParserOptions,
} from './stream-parser.js';
