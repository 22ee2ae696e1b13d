import { type Flags, flag, optional } from '../options.js';
import { anyText } from '../values.js';

export const replayOptions = {
  session: optional('<name>', 'print only this session: a full JID, or a bare one for all of its sessions', anyText),
  json: flag('print a line of JSON for each step'),
};

export type ReplayFlags = Flags<typeof replayOptions>;
