/** The sessions of clients: the data that the host keeps with each, and the handling of their reports. */
import { CLIENT } from '../../xml.js';
import {
  type AcceptedSessions,
  createAcceptedSessions,
  type SessionConnection,
  type SessionData,
  type SessionsOptions,
} from '../accepted-sessions.js';
import type { BoundClient } from '../bound-clients.js';
import type { Hub } from '../hub.js';
import type { Pressure } from '../pressure.js';

export interface ClientData extends SessionData {
  connection: ClientSessionConnection | undefined;
  /** Undefined until a resource is bound, or a session is resumed. */
  client: BoundClient | undefined;
}

interface ClientSessionConnection extends SessionConnection {
  /** A session was resumed: its client is bound. */
  bound(): void;
}

export const createClientSessions = (
  options: SessionsOptions & { readonly hub: Hub; readonly acceptSm2: boolean; readonly pressure: Pressure },
): AcceptedSessions<ClientData> => {
  const { hub, acceptSm2, pressure } = options;
  return createAcceptedSessions<ClientData>(options, {
    contentNamespace: CLIENT,
    acceptSm2,
    nameOf: ({ data, owner }) => data.client?.name ?? owner ?? 'unauthenticated',
    beforeReport(session) {
      const { data, smId } = session;
      if (data.client !== undefined || smId === null) return;
      data.client = hub.resumed(smId, session);
      if (data.client !== undefined) data.connection?.bound();
    },
    act(session, report) {
      pressure.hear(session, report);
      const { client } = session.data;
      if (report.type === 'acknowledged') hub.acknowledged(report.stanzas, client);
      // These stanzas belong to a session that this one did not resume.
      if (report.type === 'returned' && report.reason === 'storeFault') {
        hub.returnedLate(session.owner ?? '', report.stanzas);
        return;
      }
      if (client === undefined) return;
      switch (report.type) {
        case 'enabled':
          if (session.smId !== null) hub.resumable(client, session.smId);
          hub.ready(client);
          break;
        case 'resumed':
          // The same step may report acknowledged stanzas, and what goes out then is not in the queue yet.
          queueMicrotask(() => hub.ready(client));
          break;
        case 'returned':
          hub.returned(client, report.stanzas, report.reason);
          break;
        case 'ended':
          if (client.session === session) end(hub, client);
      }
    },
  });
};

/** A superseded session goes on under another connection. */
const end = (hub: Hub, client: BoundClient): void => {
  if (client.session.status === 'superseded') hub.moves(client);
  else hub.gone(client);
};
