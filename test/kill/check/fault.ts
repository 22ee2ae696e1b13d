/** What the checker can find. */

export const FAULTS = [
  /** The server acknowledged a message, and it came to nobody and did not come back. */
  'lost',
  /** A message came twice, although the server knew of the first time; or it came and was returned too. */
  'doubled',
  /** Messages of one client to one address overtook each other. */
  'out of order',
  /** The server acknowledged more than the client sent. */
  'h too high',
  /** The server's count fell back. */
  'h fell back',
  /** After a resumption, something came again that the client's h covered. */
  'replay',
  /** A session could not be resumed, although its time was not over. */
  'refused in time',
  /** A contact was said to be gone that was not, or to be there when it was gone. */
  'false presence',
  /** A watcher was not told of a contact. */
  'missing presence',
  /** Nobody sent it, or not to the one who got it. */
  'thin air',
  /** The server ended a stream with an error, which nobody provoked. */
  'stream error',
  /** The server did not acknowledge a stanza until the end of the run. */
  'unsettled',
  /** The client broke the rules: a fault of the harness. */
  'dishonest client',
] as const;

export type FaultKind = (typeof FAULTS)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** Which stanza or session, and what is wrong with it. */
  readonly text: string;
  /** When it shows, in milliseconds of the log. */
  readonly at: number;
}
