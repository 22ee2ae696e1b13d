/** The error conditions that this package knows, by their element names. */
export { stanzaErrorCondition, streamErrorCondition } from '../core/conditions.js';
