import { type Flags, flag, withDefault } from '../options.js';
import { address } from '../values.js';

export const inspectOptions = {
  listen: withDefault('<host:port>', 'serve the page here; port 0 is any free port', address, '127.0.0.1:0'),
  stanzas: flag('of a record: show what stanzas hold, not their names alone'),
};

export type InspectFlags = Flags<typeof inspectOptions>;
