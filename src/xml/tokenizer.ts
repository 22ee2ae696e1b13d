import { SaxesParser } from 'saxes';

type Options = { position: false; xmlns: false; fragment: boolean; defaultXMLVersion: '1.0'; forceXMLVersion: true };

export interface TokenHandlers {
  opentagstart(): void;
  attribute(): void;
  opentag(tag: { readonly name: string; readonly attributes: Record<string, string> }): void;
  closetag(): void;
  text(chars: string): void;
  cdata(chars: string): void;
  xmldecl(declaration: { readonly version?: string; readonly encoding?: string }): void;
  comment(): void;
  processinginstruction(): void;
  doctype(): void;
  error(error: Error): void;
}

/** saxes, set up for XML 1.0 streams: it tokenizes and knows no namespaces. */
export class Tokenizer extends SaxesParser<Options> {
  /** @param framed any number of roots, and no XML declaration */
  constructor(framed: boolean, handlers: TokenHandlers) {
    super({ position: false, xmlns: false, fragment: framed, defaultXMLVersion: '1.0', forceXMLVersion: true });
    // In the constructor: V8 makes a slow hash table (six times) of an object that gets so many properties later.
    this.on('opentagstart', handlers.opentagstart);
    this.on('attribute', handlers.attribute);
    this.on('opentag', handlers.opentag);
    this.on('closetag', handlers.closetag);
    this.on('text', handlers.text);
    this.on('cdata', handlers.cdata);
    this.on('xmldecl', handlers.xmldecl);
    this.on('comment', handlers.comment);
    this.on('processinginstruction', handlers.processinginstruction);
    this.on('doctype', handlers.doctype);
    this.on('error', handlers.error);
  }

  /** The text so far ends in a reference that no `;` can complete; saxes alone would swallow all up to the next `;`. */
  get inMalformedReference(): boolean {
    // biome-ignore lint/complexity/useLiteralKeys: private in saxes, and there is no other way to see it.
    return NO_REFERENCE.test(this['entity']);
  }
}

/** A character that no entity or character reference can hold. */
const NO_REFERENCE = /[^\w.:#\-\u0080-\uFFFF]/;
