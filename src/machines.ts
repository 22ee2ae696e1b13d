/** The charts, as data and as ordinary xstate machines. */
export { client } from '../machines/client.js';
export { server } from '../machines/server.js';
export {
  type ActionName,
  type Chart,
  type ChartState,
  type Context,
  type GuardName,
  type Handlers,
  type Meta,
  type Tag,
  type Transition,
  type Words,
  words,
} from '../machines/vocabulary.js';
export { clientMachine, serverMachine } from '../machines/xstate.js';
