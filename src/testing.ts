/** For tests: a virtual clock, a random generator with a seed, links that break, and contracts of the ports. */

export type { Delivery, Return, Side } from './testing/application.js';
export {
  type Address,
  type Cut,
  type CuttingProxy,
  type CuttingProxyOptions,
  createCuttingProxy,
  type Direction,
  type ProxiedLink,
} from './testing/cutting-proxy.js';
export type { Core, ExploreOptions, Login, RuleName } from './testing/explore/options.js';
export type * from './testing/explore/world.js';
export { type Exploration, explore } from './testing/explore.js';
export { createLossyLink, type LossyLink, type LossyLinkOptions } from './testing/lossy-link.js';
export { createPair, type Pair, type PairOptions } from './testing/pair.js';
export { createRandom, type Random, seedFrom } from './testing/random.js';
export { type MakeStore, type StoreCase, type StoreLimits, storeContract } from './testing/store-contract.js';
export { createVirtualClock, type VirtualClock } from './testing/virtual-clock.js';
