/** Of one SASL message, in base64 characters. */
const MAX_LENGTH = 8192;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Reads canonical base64 (RFC 4648 section 4, no white space, zero pad bits), as RFC 6120 section 13.9.1 demands.
 * @returns undefined for any other text, and for more than 8192 characters
 */
export const decodeBase64 = (text: string): Buffer | undefined => {
  if (text.length > MAX_LENGTH || !BASE64.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
};

/** The text of an `<auth/>` or `<response/>`, where `=` stands for a message of no bytes (RFC 6120 section 6.4.2). */
export const decodeSaslMessage = (text: string): Buffer | undefined =>
  text === '=' ? Buffer.alloc(0) : decodeBase64(text);

/** The text of a `<challenge/>` or `<success/>` that carries `data`. */
export const encodeSaslMessage = (data: string): string => (data === '' ? '=' : Buffer.from(data).toString('base64'));
