/** An XMPP address in its parts, prepared for comparison: local and domain part in lower case (RFC 7622). */
export interface Jid {
  readonly local?: string | undefined;
  readonly domain: string;
  readonly resource?: string | undefined;
}

/** RFC 7622 section 3: each part has 1 to 1023 bytes of UTF-8. */
const MAX_PART_BYTES = 1023;
const LOCAL_FORBIDDEN = /["&'/:<>@\s\p{Cc}\p{Cs}]/u;
const DOMAIN_FORBIDDEN = /["&'/:<>@\s\p{Cc}\p{Cs}[\]]/u;
const IPV6_DOMAIN = /^\[[0-9a-f:.]+\]$/;
/** Most parts match this pattern: they need no mapping and are valid. */
const PLAIN = /^[a-zA-Z0-9._-]{1,1023}$/;
const RESOURCE_FORBIDDEN = /[\p{Cc}\p{Cs}]/u;

/**
 * Reads an address. It maps case and NFC, and refuses characters that break addressing; it does not do the whole of PRECIS
 * (unassigned code points, width mapping, bidirectional rule) nor IDNA.
 * @returns undefined when the text is not a JID
 */
export const parseJid = (text: string): Jid | undefined => {
  const slash = text.indexOf('/');
  const bare = slash < 0 ? text : text.slice(0, slash);
  const at = bare.indexOf('@');
  const domain = part(
    bare
      .slice(at + 1)
      .replace(/\.$/, '')
      .toLowerCase(),
    DOMAIN_FORBIDDEN,
    IPV6_DOMAIN,
  );
  const local = at < 0 ? undefined : part(bare.slice(0, at).toLowerCase(), LOCAL_FORBIDDEN);
  const resource = slash < 0 ? undefined : part(text.slice(slash + 1), RESOURCE_FORBIDDEN);
  if (domain === undefined) return undefined;
  if (at >= 0 && local === undefined) return undefined;
  if (slash >= 0 && resource === undefined) return undefined;
  return { local, domain, resource };
};

/** The address as text, with the parts that it has. */
export const formatJid = ({ local, domain, resource }: Jid): string =>
  (local === undefined ? '' : `${local}@`) + domain + (resource === undefined ? '' : `/${resource}`);

/** The address without its resource, as text: the key of accounts, subscriptions and the directory. */
export const bareJid = ({ local, domain }: Jid): string => (local === undefined ? domain : `${local}@${domain}`);

const part = (text: string, forbidden: RegExp, exception?: RegExp): string | undefined => {
  if (PLAIN.test(text)) return text;
  const normal = text.normalize('NFC');
  const bytes = Buffer.byteLength(normal);
  if (bytes < 1 || bytes > MAX_PART_BYTES) return undefined;
  return exception?.test(normal) || !forbidden.test(normal) ? normal : undefined;
};
