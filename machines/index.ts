/** The charts, as data and as ordinary xstate machines. */
export { client, clientMachine } from './client.js';
export { server, serverMachine } from './server.js';
export {
  type ActionName,
  actions,
  type Chart,
  type Context,
  type GuardName,
  guards,
  type Meta,
  type State,
  type Transition,
} from './vocabulary.js';
