/** The traffic of one check, with times. The transcript removes secrets when it is printed, never before. */

export interface Transcript {
  /** @param what `>` the check sent the text, `<` the check received it, `-` another event */
  add(client: string, what: '>' | '<' | '-', text: string): void;
  /** Registers an SM-ID of the server as a secret. */
  secret(text: string): void;
  /** A line for each entry: seconds since the check began, the client, the direction, the text. */
  lines(): readonly string[];
}

export const createTranscript = (): Transcript => {
  const began = performance.now();
  const entries: { readonly at: number; readonly client: string; readonly what: string; readonly text: string }[] = [];
  const secrets = new Set<string>();

  const redacted = (text: string): string => {
    let clean = text.replace(SASL, (_all, open, close) => `${open}...${close}`);
    for (const secret of secrets) clean = clean.replaceAll(secret, abbreviated(secret));
    return clean.length > LONGEST ? `${clean.slice(0, LONGEST)}... (${clean.length} characters)` : clean;
  };

  return {
    add: (client, what, text) => void entries.push({ at: performance.now() - began, client, what, text }),
    secret: (text) => void (text.length > 0 && secrets.add(text)),
    lines() {
      const width = Math.max(0, ...entries.map(({ client }) => client.length));
      return entries.map(({ at, client, what, text }) =>
        [(at / 1000).toFixed(3).padStart(7), client.padEnd(width), what, redacted(text)].join(' '),
      );
    },
  };
};

/** Four letters tell two SM-IDs apart; they do not suffice to resume a session. */
const abbreviated = (secret: string): string => `${secret.slice(0, 4)}[SM-ID]`;

/** The elements of a login by SASL or SASL2, in both directions. */
const SASL =
  /(<(?:auth|challenge|response|success|initial-response|additional-data)(?:\s[^>]*)?>)[^<]*(<\/(?:auth|challenge|response|success|initial-response|additional-data)>)/g;

const LONGEST = 2000;
