/** What xstate's types know of the charts: the compiler reads this file, and a line that expects an error has to have one. */
import { expect, it } from 'vitest';
import { createActor } from 'xstate';
import { open, policy } from '../../src/index.js';
import { clientMachine, serverMachine } from '../../src/machines.js';

const client = createActor(clientMachine, {
  input: { session: open('client', policy()).session, policy: policy() },
}).getSnapshot();
const server = createActor(serverMachine, {
  input: { session: open('server', policy()).session, policy: policy() },
}).getSnapshot();

it('a snapshot of the client matches the states of its chart by name', () => {
  expect(client.matches('disabled')).toBe(true);
  expect(client.matches({ disabled: 'unlinked' })).toBe(true);
  expect(client.matches({ enabled: { acking: { awaitingAck: 'inTime' }, capacity: 'atLimit' } })).toBe(false);
  expect(client.matches({ hibernating: { verified: 'resuming' } })).toBe(false);
});

it('a snapshot of the server matches the states of its chart by name', () => {
  expect(server.matches({ disabled: 'unauthenticated' })).toBe(true);
  expect(server.matches({ disabled: { verified: 'granting' } })).toBe(false);
  expect(server.matches({ ended: 'superseded' })).toBe(false);
});

it('a name of a state that does not exist is a type error', () => {
  // @ts-expect-error no such state
  expect(client.matches('nonsense')).toBe(false);
  // @ts-expect-error no such state inside
  expect(client.matches({ disabled: 'nonsense' })).toBe(false);
  // @ts-expect-error no such state that deep inside
  expect(client.matches({ enabled: { acking: { awaitingAck: 'nonsense' } } })).toBe(false);
  // @ts-expect-error only a client has it
  expect(server.matches('unmanaged')).toBe(false);
});
