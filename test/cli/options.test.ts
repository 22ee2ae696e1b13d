import { left, right } from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import {
  flag,
  noFlag,
  obey,
  optional,
  optionalValue,
  readOptions,
  repeated,
  withDefault,
} from '../../src/cli/options.js';
import { anyText, oneOf, wholeNumber } from '../../src/cli/values.js';
import { smacks } from './smacks.js';

const options = {
  maxResources: withDefault('<n>', '', wholeNumber(1, 9), 5),
  onExpiry: optional('<policy>', '', oneOf('return', 'drop')),
  inspect: optionalValue('[n]', '', wholeNumber(1, 9)),
  account: repeated('<name>', '', anyText, { identity: (name) => name }),
  key: repeated('<n>', '', wholeNumber(1, 9), { identity: String, secret: true }),
  resume: noFlag(''),
  push: flag(''),
};

describe('a table of options', () => {
  it('reads the options that are given, and uses the defaults of the others', () => {
    expect(readOptions(options, {})).toEqual(
      right({
        maxResources: 5,
        onExpiry: undefined,
        inspect: undefined,
        account: [],
        key: [],
        resume: true,
        push: false,
      }),
    );
    expect(
      readOptions(options, {
        maxResources: '7',
        onExpiry: 'drop',
        inspect: true,
        account: ['a', 'b'],
        resume: false,
        push: true,
      }),
    ).toEqual(
      right({
        maxResources: 7,
        onExpiry: 'drop',
        inspect: true,
        account: ['a', 'b'],
        key: [],
        resume: false,
        push: true,
      }),
    );
  });

  it('names every wrong option, in the order of the table, and shows no secret', () => {
    const given = {
      maxResources: '0',
      onExpiry: 'keep',
      inspect: 'x',
      account: ['a', 'b', 'a'],
      key: ['11', '1', '12'],
    };
    expect(readOptions(options, given)).toEqual(
      left([
        '--max-resources 0: not a whole number from 1 to 9',
        '--on-expiry keep: not one of return, drop',
        '--inspect x: not a whole number from 1 to 9',
        '--account a: given twice',
        '--key: not a whole number from 1 to 9',
        '--key: not a whole number from 1 to 9',
      ]),
    );
  });

  it('names every rule that is broken', () => {
    const rules = obey<{ readonly n: number }>(
      ({ n }) => (n > 1 ? 'too large' : undefined),
      ({ n }) => (n % 2 === 0 ? 'even' : undefined),
    );
    expect(rules({ n: 4 })).toEqual(left(['too large', 'even']));
    expect(rules({ n: 1 })).toEqual(right({ n: 1 }));
  });
});

describe('three wrong options give three lines, and exit code 2:', () => {
  it.each([
    [
      'of the host',
      ['host', '--listen', '::1', '--account', 'romeo', '--max-resources', '0', '--hibernation-time', '5'],
      ['--listen ::1: not HOST:PORT', '--account: not USER:PASSWORD', '--max-resources 0: not a whole number'],
    ],
    [
      'of the host, beside each other',
      ['host', '--wss', '127.0.0.1:0', '--dead-after', '5'],
      ['--account USER:PASSWORD is missing', '--wss needs --tls CERT,KEY', '--dead-after (5 s) must not be less'],
    ],
    [
      'of the check',
      ['check', '--server', 'localhost', '--account', 'romeo:wherefore', '--wait', 'long'],
      ['--server localhost: not HOST:PORT', '--account: not JID:PASSWORD', '--wait long: not seconds'],
    ],
    [
      'of the check, beside each other',
      ['check', '--account', 'romeo@localhost:wherefore', '--only', 'E-9,nonsuch', '--json', '-', '--junit', '-'],
      ['--server HOST:PORT is missing', '--account: two accounts are needed', '--only nonsuch', '--json and --junit'],
    ],
    [
      'of the demo',
      ['demo', '--messages', 'many', '--cuts', '-1', '--seed', 'x'],
      ['--messages many', '--cuts -1', '--seed x'],
    ],
  ])('%s', async (_which, args, lines) => {
    const { stdout, stderr, code } = await smacks(...args);
    const told = stderr.trimEnd().split('\n');
    expect(told).toEqual(lines.map((line) => expect.stringContaining(`smacks: ${line}`)));
    expect(stderr).not.toContain('wherefore');
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
  });
});
