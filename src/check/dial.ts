/** Opens the connection to a server, and says in words why it failed. */
import { fail } from './finding.js';
import type { Target } from './target.js';
import { openWebSocket } from './wire/websocket.js';
import { openTcp, type Wire, type WireListener } from './wire/wire.js';

/** @param within milliseconds that the connection attempt may take @returns rejects with a Finding */
export const dial = (target: Target, within: number, listener: WireListener): Promise<Wire> => {
  const { host, port, transport, domain, insecure, path } = target;
  const options = { host, port, domain, insecure, within, tls: transport === 'tls' || transport === 'wss' };
  const isWebSocket = transport === 'ws' || transport === 'wss';
  const wire = isWebSocket ? openWebSocket(options, path, listener) : openTcp(options, listener);
  return wire.catch((error) => fail('to connect', reasonOf(error)));
};

/** The text of a system error. */
export const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const [first] = error instanceof AggregateError ? error.errors : [error];
  const code: unknown = first?.code;
  const message: string = first?.message ?? error.message;
  if (/wrong version number|packet length too long/.test(message)) return 'there is no TLS on this port';
  if (/^Parse Error/.test(message)) return 'there is no WebSocket on this port';
  return REASONS[String(code)] ?? message.replace(/^Unexpected server response:/, 'no WebSocket at this address: HTTP');
};

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'no such host',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'network is unreachable',
  ETIMEDOUT: 'no answer in time',
  ECONNRESET: 'connection reset',
};
