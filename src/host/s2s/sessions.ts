/** The sessions of other servers: one for each stream on which a server sends to us. */
import type { ServerSession } from '../../session/server-session.js';
import { SERVER } from '../../xml.js';
import {
  createHostedSessions,
  type HostedSessions,
  type SessionData,
  type SessionsOptions,
} from '../hosted-sessions.js';
import type { InboundConnection } from './inbound.js';

export interface ServerData extends SessionData {
  connection: InboundConnection | undefined;
}

export const createServerSessions = (
  options: SessionsOptions & {
    readonly domain: string;
    readonly ended: (session: ServerSession<ServerData>) => void;
  },
): HostedSessions<ServerData> =>
  createHostedSessions<ServerData>(options, {
    contentNamespace: SERVER,
    acceptSm2: false,
    nameOf: ({ owner }) => `${owner ?? 'unverified'}->${options.domain}`,
    act(session, report) {
      if (report.type === 'ended') options.ended(session);
    },
  });
