import { randomBytes } from 'node:crypto';
import { createHost } from '../../host/host.js';
import type { Tracing } from '../tracing.js';
import { createLedger, type Ledger } from './ledger.js';
import { HOST_POLICY } from './pace.js';
import { connectPeer, type Peer } from './peer.js';
import type { Xmppjs } from './xmppjs.js';

/** The host and two online clients. */
export interface Stage {
  readonly peers: readonly Peer[];
  readonly ways: readonly Way[];
  close(): Promise<void>;
}

/** A direction: who sends to whom, and the ledger of it. */
export interface Way {
  readonly from: Peer;
  readonly to: Peer;
  readonly ledger: Ledger;
}

/**
 * Starts the host and the clients in this process, on free ports of 127.0.0.1. `trace` takes every step of all three.
 */
export const setStage = async (xmppjs: Xmppjs, trace?: Tracing['trace']): Promise<Stage> => {
  const [romeo, juliet] = [newAccount('romeo'), newAccount('juliet')];
  const host = await createHost({
    domain: DOMAIN,
    accounts: [romeo, juliet],
    policy: HOST_POLICY,
    ...(trace && { trace }),
  });
  const open: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(open.map((one) => one.close()));
    await host.close();
  };
  try {
    const address = await host.listen({ host: '127.0.0.1', port: 0 });
    const connect = async ({ user, password }: Account, incoming: Ledger): Promise<Peer> => {
      const onMessage = (number: number): void => incoming.delivered(number, Date.now());
      const peer = await connectPeer({
        xmppjs,
        host: address,
        domain: DOMAIN,
        name: user,
        password,
        onMessage,
        ...(trace && {
          trace: ({ run, ...line }) => trace({ ...line, session: user, run: `${user} ${run}` }),
        }),
      });
      open.push(peer);
      return peer;
    };
    const [toRomeo, toJuliet] = [createLedger(), createLedger()];
    const [first, second] = [await connect(romeo, toRomeo), await connect(juliet, toJuliet)];
    return {
      peers: [first, second],
      ways: [
        { from: first, to: second, ledger: toJuliet },
        { from: second, to: first, ledger: toRomeo },
      ],
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
};

interface Account {
  readonly user: string;
  readonly password: string;
}

const newAccount = (user: string): Account => ({ user, password: randomBytes(16).toString('hex') });

const DOMAIN = 'localhost';
