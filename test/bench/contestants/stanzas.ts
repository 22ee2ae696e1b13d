/** The stanzas that go in and out: chat messages of 200 characters, not all the same string. */

/** Text as a parser or a printer leaves it: one piece, a byte a character. Joined strings are trees until somebody reads them. */
export const flat = (text: string): string => Buffer.from(text, 'latin1').toString('latin1');

export const STANZAS: readonly string[] = Array.from({ length: 256 }, (_, index) => {
  const head = `<message to='juliet@example.net/balcony' type='chat' id='m${index}'><body>`;
  return flat(`${head}${'x'.repeat(200 - head.length - 17)}</body></message>`);
});

/** When benchmarks begin: milliseconds since the Unix epoch. Times are no small integers, and cost what such numbers cost. */
export const START = Date.UTC(2026, 0, 1);
