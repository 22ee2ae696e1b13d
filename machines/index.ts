/** The charts, as data and as ordinary xstate machines. */
export { client } from './client.js';
export { server } from './server.js';
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
export { clientMachine, serverMachine } from './xstate.js';
