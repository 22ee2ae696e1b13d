/** Imports only the element of ltx: the main module of ltx loads a parser that needs Node's `events`, which browsers do not have. */
import type * as ltx from 'ltx';
import * as cloneModule from 'ltx/src/clone.js';
import * as elementModule from 'ltx/src/Element.js';

// The types of these two modules declare CommonJS, but the modules are ECMAScript. The types of the main module are correct.
export type Element = ltx.Element;
export const Element = elementModule.default as unknown as typeof ltx.Element;
export const clone = cloneModule.default as unknown as typeof ltx.clone;
