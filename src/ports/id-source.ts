/** The source of SM-IDs. An SM-ID is a secret: at least 128 random bits, never used twice, never logged whole. */
export interface IdSource {
  /** Makes a new SM-ID: text of 1 to 4000 bytes in UTF-8. */
  smId(): string;
}
