import { SaxesParser } from 'saxes';

type Options = { position: false; xmlns: false; fragment: boolean; defaultXMLVersion: '1.0'; forceXMLVersion: true };

export interface TokenHandlers {
  opentagstart(): void;
  attribute(attribute: { readonly name: string; readonly value: string }): void;
  opentag(tag: { readonly name: string }): void;
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

  /**
   * Whether the text so far ends in a reference that no `;` can complete: saxes would go on to the next `;`, over any
   * number of elements. Looked at only while it began in the last piece or shortly before, so that a long one is not
   * read again with every piece.
   * @param pieceLength the length of the last piece written
   */
  endsInMalformedReference(pieceLength: number): boolean {
    // biome-ignore lint/complexity/useLiteralKeys: private in saxes, and there is no other way to see it.
    const reference = this['entity'];
    return reference.length <= pieceLength + 64 && NO_REFERENCE.test(reference);
  }
}

/** A character that no entity or character reference can hold. */
const NO_REFERENCE = /[^\w.:#\-\u0080-\uFFFF]/;
