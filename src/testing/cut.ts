/** `up`: from the client to the server. `down`: from the server to the client. */
export type Direction = 'up' | 'down';

/** The ways to cut a link. Bytes forwarded before the cut arrive; the proxy drops later bytes. */
export type Cut = AtOnce | HalfOpen | Between | Inside;

/** Now: `fin` sends FIN to both ends after the forwarded bytes, and RST to an end that does not close; `rst` sends RST to both. */
export interface AtOnce {
  readonly how: 'fin' | 'rst';
}

/** Both sockets stay open without a signal: only a missing answer shows the cut. When an end closes, the other end gets RST. */
export interface HalfOpen {
  readonly how: 'half-open';
}

/**
 * RST to both ends after the next chunk in `direction` that ends in `>`: between stanzas, if each stanza is small and is one write.
 * Only clear text shows the end of an element.
 */
export interface Between {
  readonly how: 'between';
  readonly direction: Direction;
}

/**
 * RST to both ends after `keepBytes` (1 or more) more bytes in `direction`. The proxy holds back a last byte that is `>` or white
 * space, so that the cut in clear text is always inside an element.
 */
export interface Inside {
  readonly how: 'inside';
  readonly direction: Direction;
  readonly keepBytes: number;
}
