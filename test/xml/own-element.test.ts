import { describe, expect, it } from 'vitest';
import { ZERO } from '../../src/core/uint32.js';
import { SM_3 } from '../../src/index.js';
import { encodeNonza, ownElement } from '../../src/xml.js';

describe('an element that we printed', () => {
  it('is read back unchanged, whatever the SM-ID contains (R-2)', () => {
    const previd = `a&b<c>"d'e\tf\ng\r\u{1F511}`;
    const element = ownElement(encodeNonza({ name: 'resume', previd, h: ZERO }, SM_3));
    expect(element.is('resume', SM_3)).toBe(true);
    expect(element.attrs).toEqual({ xmlns: SM_3, previd, h: '0' });
  });
});
