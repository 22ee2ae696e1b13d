/** The charts, as data and as ordinary xstate machines. */
export { client } from '../machines/client.js';
export { server } from '../machines/server.js';
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
} from '../machines/vocabulary.js';
export { clientMachine, serverMachine } from '../machines/xstate.js';
