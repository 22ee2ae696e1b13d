/** The source of SM-IDs. An SM-ID is a secret: at least 128 random bits, never used twice, never logged whole. */
export interface IdSource {
  smId(): string;
}
