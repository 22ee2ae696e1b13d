/** For tests: time that stands still, chance that repeats itself, links that break, and contracts of the ports. */
export type { Delivery, Return, Side } from './application.js';
export {
  type Address,
  type Cut,
  type CuttingProxy,
  type CuttingProxyOptions,
  createCuttingProxy,
  type Direction,
  type Link,
} from './cutting-proxy.js';
export { createLossyLink, type LossyLink, type LossyLinkOptions } from './lossy-link.js';
export { createPair, type Pair, type PairOptions } from './pair.js';
export { createRandom, type Random, seedFrom } from './random.js';
export { type MakeStore, type StoreCase, type StoreLimits, storeContract } from './store-contract.js';
export { createVirtualClock, type VirtualClock } from './virtual-clock.js';
