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

/** saxes with the settings for XML 1.0 streams: it tokenizes and does not handle namespaces. */
export class Tokenizer extends SaxesParser<Options> {
  /** @param framed true allows any number of roots, and no XML declaration */
  constructor(framed: boolean, handlers: TokenHandlers) {
    super({ position: false, xmlns: false, fragment: framed, defaultXMLVersion: '1.0', forceXMLVersion: true });
    // The constructor sets all handlers: V8 turns an object that gets so many properties later into a hash table, six times slower.
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
   * Whether the text so far ends in a malformed reference, which no `;` can complete: saxes would read on to the next `;`, over
   * any number of elements. The check runs only while the reference began in the last piece or shortly before, so that it does
   * not read a long reference again with every piece.
   * @param pieceLength the length of the last piece written
   */
  endsInMalformedReference(pieceLength: number): boolean {
    // biome-ignore lint/complexity/useLiteralKeys: private in saxes, and there is no other way to see it.
    const reference = this['entity'];
    return reference.length <= pieceLength + 64 && NO_REFERENCE.test(reference);
  }
}

/** A character that cannot be part of an entity or character reference. */
const NO_REFERENCE = /[^\w.:#\-\u0080-\uFFFF]/;
