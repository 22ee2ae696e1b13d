/** Stream management inside SASL2 and BIND2, at either end. */
export * from './session/sasl2.js';
