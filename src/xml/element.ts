/** Imports only the element of ltx: the main module of ltx loads a parser that needs Node's `events`, which browsers do not have. */
import type * as ltx from 'ltx';
import * as cloneModule from 'ltx/src/clone.js';
import * as elementModule from 'ltx/src/Element.js';

// The types of these two modules declare CommonJS, but the modules are ECMAScript. The types of the main module are correct.
/** An element as ltx represents it: a name, attributes, and children that are elements or text. */
export type Element = ltx.Element;
/** Makes an element: `new Element(name, attributes)`. */
export const Element = elementModule.default as unknown as typeof ltx.Element;
/** A deep copy of an element; the copy has no parent. */
export const clone = cloneModule.default as unknown as typeof ltx.clone;
