/** Two hosts that serve a domain each, and a way from each to the other that can be cut. */
import { onTestFinished } from 'vitest';
import type { HostOptions } from '../../src/host/host.js';
import { type CuttingProxy, createCuttingProxy } from '../../src/testing.js';
import { startHost, type TestHost } from './test-host.js';

export const MONTAGUE = 'montague.example';
export const CAPULET = 'capulet.example';
/** What the sessions between them are called. */
export const TO_CAPULET = `${MONTAGUE}->${CAPULET}`;
export const TO_MONTAGUE = `${CAPULET}->${MONTAGUE}`;

export interface TwoServers {
  /** romeo's. */
  readonly montague: TestHost;
  /** juliet's. */
  readonly capulet: TestHost;
  /** Everything that goes from montague.example to capulet.example, dialback too. */
  readonly toCapulet: CuttingProxy;
  readonly toMontague: CuttingProxy;
  /** Lets another host take the place of capulet.example: whoever goes there finds it. It knows nothing of sessions. */
  replaceCapulet(): Promise<TestHost>;
}

export const startTwoServers = async (options: Partial<HostOptions> = {}): Promise<TwoServers> => {
  const targets = { montague: { host: '127.0.0.1', port: 0 }, capulet: { host: '127.0.0.1', port: 0 } };
  const toMontague = await createCuttingProxy({ target: targets.montague });
  const toCapulet = await createCuttingProxy({ target: targets.capulet });
  onTestFinished(() => void Promise.all([toMontague.close(), toCapulet.close()]));
  const start = (domain: string, other: string, { port }: CuttingProxy): Promise<TestHost> =>
    startHost({ ...options, domain, s2s: { peers: { [other]: { host: '127.0.0.1', port } } } });
  const montague = await start(MONTAGUE, CAPULET, toCapulet);
  const capulet = await start(CAPULET, MONTAGUE, toMontague);
  targets.montague.port = await awaitServers(montague);
  targets.capulet.port = await awaitServers(capulet);
  return {
    montague,
    capulet,
    toCapulet,
    toMontague,
    async replaceCapulet() {
      const another = await start(CAPULET, MONTAGUE, toMontague);
      targets.capulet.port = await awaitServers(another);
      return another;
    },
  };
};

const awaitServers = async ({ host }: TestHost): Promise<number> =>
  (await host.listen({ host: '127.0.0.1', port: 0, s2s: true })).port;
