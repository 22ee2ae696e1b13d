/**
 * XEP-0198 stream management as a pure core: `step(state, event) -> [state, effects]`.
 *
 * @packageDocumentation
 */
export * from './core/index.js';
export * from './engine/index.js';
