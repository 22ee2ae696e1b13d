/** `@xmpp/stream-management` ships no types: what its contestant uses of it. */
declare module '@xmpp/stream-management' {
  import type { EventEmitter } from 'node:events';

  export interface StreamManagement extends EventEmitter {
    enabled: boolean;
    inbound: number;
    outbound: number;
    outbound_q: readonly unknown[];
  }

  export default function streamManagement(parts: {
    readonly entity: object;
    readonly middleware: object;
  }): StreamManagement;
}
