/** Where SM-IDs come from. They are secrets: at least 128 random bits, never used twice, never logged whole. */
export interface IdSource {
  smId(): string;
}
