/** Messages both ways while connections are cut, by the demo's own plan and bookkeeping. */
import { createLedger, type Ledger } from '../../src/cli/demo/ledger.js';
import type { Peer as Party } from '../../src/cli/demo/peer.js';
import { type RunOptions, run } from '../../src/cli/demo/run.js';
import type { DemoResult } from '../../src/cli/demo/table.js';
import { watchWire } from '../../src/cli/demo/wire.js';
import { type CuttingProxy, createCuttingProxy } from '../../src/testing.js';
import type { Connect } from './clients/client.js';
import { Calm, cutWhole, GENTLE_PATIENCE, GENTLE_POLICY, type Gentleness } from './gentle-cuts.js';
import type { Entrance } from './peers/peer.js';

export interface FlowOptions extends Pick<RunOptions, 'messages' | 'cuts' | 'random'> {
  readonly connect: Connect;
  readonly entrance: Entrance;
  readonly users: readonly [string, string];
  readonly gentleness: Gentleness;
}

/** Two clients of a kind talk to each other through a server. */
export const flow = async (options: FlowOptions): Promise<Omit<DemoResult, 'seed'>> => {
  const [toFirst, toSecond] = [createLedger(), createLedger()];
  const parties: Party[] = [];
  const calm = new Calm();
  const away = new Set<string>();
  const join = (user: string, incoming: Ledger): Promise<Party> => connectParty(options, user, incoming, calm, away);
  try {
    parties.push(await join(options.users[0], toFirst));
    parties.push(await join(options.users[1], toSecond));
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

/** @param away the users that have been cut and are not back */
const connectParty = async (
  options: FlowOptions,
  user: string,
  incoming: Ledger,
  calm: Calm,
  away: Set<string>,
): Promise<Party> => {
  const { connect, entrance, gentleness } = options;
  const isGentle = gentleness !== 'any';
  const proxy = await createCuttingProxy({
    target: { host: '127.0.0.1', port: entrance.port },
    ...(isGentle && { patience: GENTLE_PATIENCE }),
  });
  const cut: CuttingProxy['cut'] = async (link, planned) => {
    if (gentleness === 'any') return proxy.cut(link, planned);
    if (gentleness === 'whole') return cutWhole(proxy, link);
    return calm.cut(proxy, link, () => away.size === 0);
  };
  const wire = watchWire({
    get connections() {
      return proxy.connections;
    },
    cut,
  });
  const client = await connect({
    entrance,
    port: proxy.port,
    user,
    resource: 'flow',
    mechanism: 'PLAIN',
    policy: { maxQueueStanzas: 10_000, ...(isGentle && GENTLE_POLICY) },
    onMessage: ({ type, body }) => {
      if (type === 'chat') incoming.delivered(Number.parseInt(body, 10), Date.now());
    },
    onLive() {
      away.delete(user);
      wire.live();
    },
    onAway: () => away.add(user),
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
    send: (to, number) => {
      const body = `${number} ${TEXT.slice(0, (number * 7) % TEXT.length)}`;
      return {
        acked: new Promise((resolve, reject) => {
          calm.send(() => client.send(to, `m${number}`, body).acked.then(resolve, reject));
        }),
      };
    },
    cut: wire.cut,
    async close() {
      await client.close();
      await proxy.close();
    },
  };
};

/** Characters of one to three bytes, so that cuts fall into all of them. */
const TEXT = 'It is the east, and Juliet is the sun. Ärise, faïr sun — and kill the enviöus moon. '.repeat(3);
