/** E-7, R-16: a server may say where a session is best resumed. The first attempt after a loss goes there, the next do not. */
import type { Entity } from './entity.js';
import type { Sessions } from './sessions.js';

/** xmpp.js reads its service at every attempt, right after it has said that it is `reconnecting`. */
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
 * The service of the same scheme at a location, `host` or `host:port`; undefined when there is none: for a WebSocket, for a
 * domain that is looked up (nothing says then how to connect), and for what is no location.
 */
export const serviceAt = (location: string | null, service: string | undefined): string | undefined => {
  const [scheme] = /^xmpps?:\/\//.exec(service ?? '') ?? [];
  if (location === null || scheme === undefined || !/^[^\s/?#@\\]+$/.test(location)) return undefined;
  const there = scheme + location;
  return URL.canParse(there) ? there : undefined;
};
