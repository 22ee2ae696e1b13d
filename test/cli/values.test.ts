import { left, right } from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { address, formatAddress, seconds, wholeNumber } from '../../src/cli/values.js';

describe('an address', () => {
  it.each([
    ['127.0.0.1:5222', { host: '127.0.0.1', port: 5222 }],
    ['xmpp.example:0', { host: 'xmpp.example', port: 0 }],
    ['[::1]:65535', { host: '::1', port: 65535 }],
  ])('%s is read, and printed in the same form', (text, read) => {
    expect(address(text)).toEqual(right(read));
    expect(formatAddress(read)).toBe(text);
  });

  it.each([
    '',
    '5222',
    ':5222',
    'host:',
    'host:65536',
    'host:-1',
    '::1:5222',
    '[host]:5222',
    '[::1]',
    'a b:1',
    'host:1x',
  ])('%j is not valid', (text) => {
    expect(address(text)).toEqual(left(expect.stringContaining('not HOST:PORT')));
  });
});

describe('a whole number', () => {
  it('may be the lowest or the highest number of its range', () => {
    expect([wholeNumber(1, 10)('1'), wholeNumber(1, 10)('10')]).toEqual([right(1), right(10)]);
  });

  it.each(['', '0', '11', '1.5', '-1', '1e1', '0x1', ' 1', 'NaN'])('from 1 to 10 cannot be %j', (text) => {
    expect(wholeNumber(1, 10)(text)).toEqual(left('not a whole number from 1 to 10'));
  });
});

describe('seconds', () => {
  it.each([
    ['0', 0],
    ['0.5', 0.5],
    ['300', 300],
    ['4294967295', 4294967295],
  ])('%s is read', (text, value) => {
    expect(seconds(text)).toEqual(right(value));
  });

  it.each(['', '-1', '1s', '.5', '1e3', 'Infinity', '4294967296'])('%j is not valid', (text) => {
    expect(seconds(text)).toEqual(left('not seconds, such as 300 or 0.5'));
  });
});
