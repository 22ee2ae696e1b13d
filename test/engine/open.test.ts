/** What a program without types gives to the functions of `smacks`. */
import { describe, expect, it } from 'vitest';
import * as client from '../../src/client.js';
import { DEFAULT_POLICY, open, policy, restore, toRecord } from '../../src/index.js';

/** The types would not let it through. */
const anything = (value: unknown): never => value as never;

describe('open()', () => {
  it('throws an error that names a role that does not exist', () => {
    expect(() => open(anything('servr'), policy())).toThrow(
      new TypeError(`role must be 'client' or 'server', not "servr"`),
    );
    for (const role of [undefined, null, 5, {}, ['server'], 'toString', '__proto__'])
      expect(() => open(anything(role), policy())).toThrow(/^role must be 'client' or 'server', not /);
  });

  it('accepts only the role of the client in smacks/client', () => {
    expect(() => client.open(anything('server'), policy())).toThrow(
      new TypeError(`role must be 'client', not "server"`),
    );
  });

  it('throws an error that names each wrong field of a policy that policy() did not make', () => {
    expect(() => open('server', anything(undefined))).toThrow(new TypeError('policy must be an object'));
    expect(() => open('server', { ...DEFAULT_POLICY, ackIdle: -1, resume: anything('yes') })).toThrow(
      new TypeError(
        'policy.resume must be true or false, not "yes"; policy.ackIdle must be a number of seconds from 0 to 4294967295, not -1',
      ),
    );
    for (const name of Object.keys(DEFAULT_POLICY))
      expect(() => open('server', anything({}))).toThrow(new RegExp(`policy\\.${name} must be .*, not undefined`));
  });

  it('accepts a policy without fields, and a policy that was JSON', () => {
    expect(open('server', DEFAULT_POLICY)).toEqual(open('server', policy()));
    expect(open('client', JSON.parse(JSON.stringify(policy())))).toEqual(open('client', policy()));
  });

  it('throws an error that names an invalid epoch', () => {
    for (const epoch of [-1, 0.5, Number.NaN, '1', null])
      expect(() => open('server', policy(), anything(epoch))).toThrow(/^epoch must be a whole number, 0 or more, not /);
  });
});

describe('restore()', () => {
  const record = toRecord(open('client', policy()));

  it('throws an error that names each wrong field of a policy', () => {
    expect(() => restore(record, anything({}), 0)).toThrow(/^policy\.resume must be true or false, not undefined; /);
  });

  it('throws an error that names an invalid time, because no deadline would be valid', () => {
    for (const at of [undefined, Number.NaN, Number.POSITIVE_INFINITY, '0'])
      expect(() => restore(record, policy(), anything(at))).toThrow(/^at must be a time in milliseconds, not /);
  });
});
