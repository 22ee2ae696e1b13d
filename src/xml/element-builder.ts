/** Builds the top-level elements of a stream, one after another, and knows the prefixes in force inside each open element. */
import { Element } from './element.js';
import { noPrefixes, openScope, type Prefixes } from './namespaces.js';
import type { StreamRoot } from './stream-root.js';

export class ElementBuilder {
  #streamPrefixes = NO_PREFIXES;
  #defaultXmlns = '';
  /** The innermost open element, and the top-level element around it; undefined between the elements of the stream. */
  #current: Element | undefined;
  #top: Element | undefined;
  /** The prefixes inside each open element; `#streamPrefixes` has the prefixes of the stream root. */
  readonly #scopes: Prefixes[] = [];

  enterStream({ prefixes, defaultXmlns }: StreamRoot): void {
    this.#streamPrefixes = prefixes;
    this.#defaultXmlns = defaultXmlns;
  }

  /**
   * Opens an element inside the present element.
   * @param hasNamespaces whether an attribute declares a namespace or has a prefix
   * @returns a text that names the broken rule of namespaces, or undefined
   */
  open(name: string, attributes: Record<string, string>, hasNamespaces: boolean): string | undefined {
    const element = new Element(name);
    // The constructor would copy the attributes, so this code sets them afterwards.
    element.attrs = attributes;
    if (this.#current === undefined) {
      this.#top = element;
      if (this.#defaultXmlns !== '' && attributes.xmlns === undefined) attributes.xmlns = this.#defaultXmlns;
    } else {
      this.#current.cnode(element);
    }
    this.#current = element;
    const outer = this.#scopes[this.#scopes.length - 1] ?? NO_PREFIXES;
    const scope = hasNamespaces || name.includes(':') ? openScope(name, attributes, outer, this.#borrow) : outer;
    if (typeof scope === 'string') return scope;
    this.#scopes.push(scope);
    return undefined;
  }

  /** Closes the present element. @returns the element when it is a top-level element */
  close(): Element | undefined {
    const closed = this.#current;
    this.#scopes.pop();
    this.#current = closed?.parent ?? undefined;
    if (this.#current !== undefined) return undefined;
    this.#top = undefined;
    return closed;
  }

  /** Adds text to the present element. @returns false when there is no such element */
  addText(chars: string): boolean {
    if (this.#current === undefined) return false;
    if (chars !== '') this.#current.t(chars);
    return true;
  }

  readonly #borrow = (prefix: string): string | undefined => {
    const uri = this.#streamPrefixes[prefix];
    // An element that leaves its stream must declare the prefixes that it uses.
    if (uri !== undefined && this.#top !== undefined) this.#top.attrs[`xmlns:${prefix}`] = uri;
    return uri;
  };
}

const NO_PREFIXES = noPrefixes();
