/** The sessions of other servers: one for each stream on which a server sends to us. */
import type { ServerSession } from '../../session/server-session.js';
import { SERVER } from '../../xml.js';
import {
  createHostedSessions,
  type HostedSessions,
  type SessionData,
  type SessionsOptions,
} from '../hosted-sessions.js';

export const createServerSessions = (
  options: SessionsOptions & {
    readonly domain: string;
    readonly ended: (session: ServerSession<SessionData>) => void;
  },
): HostedSessions<SessionData> =>
  createHostedSessions<SessionData>(options, {
    contentNamespace: SERVER,
    acceptSm2: false,
    nameOf: ({ owner }) => `${owner ?? 'unverified'}->${options.domain}`,
    act(session, report) {
      if (report.type === 'ended') options.ended(session);
    },
  });
