/** Messages both ways while connections are cut, by the demo's own plan and bookkeeping. */
import { createLedger, type Ledger } from '../../src/cli/demo/ledger.js';
import type { Peer as Party } from '../../src/cli/demo/peer.js';
import { type RunOptions, run } from '../../src/cli/demo/run.js';
import type { DemoResult } from '../../src/cli/demo/table.js';
import { watchWire } from '../../src/cli/demo/wire.js';
import { createCuttingProxy } from '../../src/testing/index.js';
import type { Connect } from './clients/client.js';
import { cutGently, GENTLE_PATIENCE } from './gentle-cuts.js';
import type { Entrance } from './peers/peer.js';

export interface FlowOptions extends Pick<RunOptions, 'messages' | 'cuts' | 'random'> {
  readonly connect: Connect;
  readonly entrance: Entrance;
  readonly users: readonly [string, string];
  /** Every cut leaves whole elements with the server. */
  readonly gentle: boolean;
}

/** Two clients of a kind talk to each other through a server. */
export const flow = async (options: FlowOptions): Promise<Omit<DemoResult, 'seed'>> => {
  const [toFirst, toSecond] = [createLedger(), createLedger()];
  const parties: Party[] = [];
  try {
    parties.push(await join(options, options.users[0], toFirst));
    parties.push(await join(options, options.users[1], toSecond));
    const [first, second] = parties as [Party, Party];
    const ways = [
      { from: first, to: second, ledger: toSecond },
      { from: second, to: first, ledger: toFirst },
    ];
    const signal = AbortSignal.timeout(50_000);
    return await run({ peers: parties, ways, close: async () => {} }, { ...options, signal, onProgress() {} });
  } finally {
    await Promise.all(parties.map((party) => party.close()));
  }
};

const join = async (options: FlowOptions, user: string, incoming: Ledger): Promise<Party> => {
  const { connect, entrance, gentle } = options;
  const proxy = await createCuttingProxy({
    target: { host: '127.0.0.1', port: entrance.port },
    ...(gentle && { patience: GENTLE_PATIENCE }),
  });
  const wire = watchWire({
    get connections() {
      return proxy.connections;
    },
    cut: (link, cut) => (gentle ? cutGently(proxy, link, cut) : proxy.cut(link, cut)),
  });
  const client = await connect({
    entrance,
    port: proxy.port,
    user,
    resource: 'flow',
    mechanism: 'PLAIN',
    policy: { maxQueueStanzas: 10_000 },
    onMessage: ({ type, body }) => {
      if (type === 'chat') incoming.delivered(Number.parseInt(body, 10), Date.now());
    },
    onLive: wire.live,
  });
  return {
    name: user,
    jid: client.jid,
    get resumptions() {
      return client.reports.of('resumed').length;
    },
    get failedResumptions() {
      return client.reports.of('resumptionFailed').length;
    },
    send: (to, number) => client.send(to, `m${number}`, `${number} ${TEXT.slice(0, (number * 7) % TEXT.length)}`),
    cut: wire.cut,
    async close() {
      await client.close();
      await proxy.close();
    },
  };
};

/** Characters of one to three bytes, so that cuts fall into all of them. */
const TEXT = 'It is the east, and Juliet is the sun. Ärise, faïr sun — and kill the enviöus moon. '.repeat(3);
