/**
 * The same as `smacks`, for whoever plays the client's role and no other: the names are the same, and a bundle is much smaller.
 *
 * @packageDocumentation
 */
export * from './core/index.js';
export * from './engine/client.js';
