/** What crossed the wire during one check, with times. Secrets are taken out when it is printed, never before. */

export interface Transcript {
  /** @param what `>` we sent, `<` we received, `-` something else happened */
  add(client: string, what: '>' | '<' | '-', text: string): void;
  /** An SM-ID of the server. */
  secret(text: string): void;
  /** A line for each entry: seconds since the check began, who, the direction, the text. */
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

/** Enough to tell two apart, too little to resume with. */
const abbreviated = (secret: string): string => `${secret.slice(0, 4)}[SM-ID]`;

/** What goes to and fro while logging in, of SASL and SASL2. */
const SASL =
  /(<(?:auth|challenge|response|success|initial-response|additional-data)(?:\s[^>]*)?>)[^<]*(<\/(?:auth|challenge|response|success|initial-response|additional-data)>)/g;

const LONGEST = 2000;
