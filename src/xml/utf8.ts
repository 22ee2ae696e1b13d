/** The size of a text in UTF-8. */
export const bytesIn = (text: string): number => text.length + extraBytes(text);

/** By how much the bytes of a text in UTF-8 exceed its UTF-16 units. Both halves of a surrogate pair count two bytes. */
export const extraBytes = (text: string, from = 0, to = text.length): number => {
  let extra = 0;
  for (let at = from; at < to; at++) {
    const unit = text.charCodeAt(at);
    if (unit > 0x7f) extra += unit > 0x7ff && (unit & 0xf800) !== 0xd800 ? 2 : 1;
  }
  return extra;
};
