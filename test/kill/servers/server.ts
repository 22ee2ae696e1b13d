/** A server as the harness knows it: a command line, and where it listens. */

export interface Setting {
  /** A fresh directory, which stays until the run is over. */
  readonly directory: string;
  readonly ports: { readonly tcp: number; readonly webSocket: number };
  readonly users: readonly string[];
  /** Seconds. */
  readonly hibernationTime: number;
}

export interface Server {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly domain: string;
  /** Of the WebSocket. */
  readonly path: string;
}

/** Writes what the server needs into the directory. @throws Error, in one line, when the server cannot be run here */
export type Prepare = (setting: Setting) => Server;

export const PASSWORD = 'secret';

/** Stanzas; no client is away for so long that its queue is full. */
export const QUEUE_LIMIT = 20_000;
