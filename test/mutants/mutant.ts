/** A deliberate fault of the reference host: one that servers have had, or could have. */
export interface Mutant {
  /** For `npm run mutants -- -t NAME`. */
  readonly name: string;
  /** What a peer would see, in a sentence. */
  readonly fault: string;
  /** The clauses that it breaks. */
  readonly clauses: readonly string[];
  /** The source file that is changed, from the root of the project. */
  readonly file: string;
  /** A piece of it that is there exactly once. */
  readonly from: string;
  /** What stands there instead. */
  readonly to: string;
  /** Ids of checks, each of which has to see it. While there are none, all checks run, and the test tells which ones do. */
  readonly seenBy: readonly string[];
  /** How the host is started and reached, where the fault does not show otherwise. */
  readonly scene?: Scene;
}

export interface Scene {
  /** Default tcp. SASL2 is offered over TLS only. */
  readonly transport?: 'tcp' | 'tls' | 'ws';
  /** More options of `smacks host`. */
  readonly host?: readonly string[];
  /** Where both counters of a session start. */
  readonly initialCount?: number;
  /** Lets checks send more than a client would. */
  readonly stress?: boolean;
}
