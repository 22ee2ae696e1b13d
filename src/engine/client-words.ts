/**
 * The parts of the charts that the engine of a client loads. The build replaces this module with a shorter one: the same chart without
 * its descriptions, and only the words that the chart names (`src/build/client-words.mjs`).
 */
export { client as chart } from '../../machines/client.js';
export { words } from '../../machines/vocabulary.js';
