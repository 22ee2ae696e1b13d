/** A clause of the specification, or of mod_smacks. */
export interface Clause {
  readonly id: string;
  /** Of XEP-0198, with its topic; or mod_smacks. */
  readonly section: string;
  readonly level: 'MUST' | 'MUST NOT' | 'SHALL' | 'SHOULD' | 'SHOULD NOT' | 'MAY';
  readonly role: 'client' | 'server' | 'both';
  readonly text: string;
}
