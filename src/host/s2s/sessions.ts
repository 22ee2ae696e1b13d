/** The sessions of other servers: one for each stream on which a server sends to us. */
import type { ServerSession } from '../../server.js';
import { SERVER } from '../../xml.js';
import {
  type AcceptedSessions,
  createAcceptedSessions,
  type SessionData,
  type SessionsOptions,
} from '../accepted-sessions.js';

export const createInboundSessions = (
  options: SessionsOptions & {
    readonly domain: string;
    readonly ended: (session: ServerSession<SessionData>) => void;
  },
): AcceptedSessions<SessionData> =>
  createAcceptedSessions<SessionData>(options, {
    contentNamespace: SERVER,
    acceptSm2: false,
    nameOf: ({ owner }) => `${owner ?? 'unverified'}->${options.domain}`,
    act(session, report) {
      if (report.type === 'ended') options.ended(session);
    },
  });
