/** The charts, as data and as ordinary xstate machines. */
export { client } from '../machines/client.js';
export { server } from '../machines/server.js';
export {
  type Action,
  type ActionName,
  type Chart,
  type ChartState,
  type Context,
  type Guard,
  type GuardName,
  type Handlers,
  type LeafState,
  type Meta,
  type Outcome,
  type Tag,
  type Transition,
  type Words,
  words,
} from '../machines/vocabulary.js';
export { clientMachine, serverMachine } from '../machines/xstate.js';
