/** ltx's element alone: the main module of ltx brings a parser that needs `events` of Node, which a browser does not have. */
import type * as ltx from 'ltx';
import * as cloneModule from 'ltx/src/clone.js';
import * as elementModule from 'ltx/src/Element.js';

// The types of these two modules say CommonJS, but the modules are ECMAScript: the types of the main module are right.
export type Element = ltx.Element;
export const Element = elementModule.default as unknown as typeof ltx.Element;
export const clone = cloneModule.default as unknown as typeof ltx.clone;
