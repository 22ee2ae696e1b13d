/**
 * What the engine of a client loads of the charts. The build puts a shorter module in place of this one: the same chart without its
 * prose, and no words but those that it names (`src/build/client-words.mjs`).
 */
export { client as chart } from '../../machines/client.js';
export { words } from '../../machines/vocabulary.js';
