/** E-7, R-16: a server may name a preferred location for resumption. Only the first attempt after a loss goes to this location. */
import type { Entity } from './entity.js';
import type { Sessions } from './sessions.js';

/** Sets the service of xmpp.js, which xmpp.js reads at every attempt, right after it emits `reconnecting`. */
export const followLocation = (entity: Entity, sessions: Sessions): void => {
  let location: string | null = null;
  let isUntried = false;
  sessions.reports.add((report) => {
    if (report.type === 'enabled') location = report.location;
    if (report.type === 'hibernationStart') isUntried = true;
    if (report.type === 'hibernationEnd') isUntried = false;
  });
  entity.reconnect?.on('reconnecting', () => {
    if (!isUntried) return;
    isUntried = false;
    const { service } = entity.options;
    const there = serviceAt(location, service);
    if (there === undefined) return;
    entity.options.service = there;
    queueMicrotask(() => {
      entity.options.service = service;
    });
  });
};

/**
 * The service with the same scheme at a location, `host` or `host:port`; undefined for a WebSocket, for a domain that xmpp.js looks
 * up (its scheme is unknown), and for a text that is not a location.
 */
export const serviceAt = (location: string | null, service: string | undefined): string | undefined => {
  const [scheme] = /^xmpps?:\/\//.exec(service ?? '') ?? [];
  if (location === null || scheme === undefined || !/^[^\s/?#@\\]+$/.test(location)) return undefined;
  const there = scheme + location;
  return URL.canParse(there) ? there : undefined;
};
