/** What mod_smacks adds. */
import type { Clause } from './clause.js';

export const modSmacks: readonly Clause[] = [
  {
    id: 'M-1',
    section: 'mod_smacks',
    level: 'MUST',
    role: 'server',
    text: 'Hibernation time: how long a disconnected session is kept (default 300 s there, 600 s in later releases).',
  },
  {
    id: 'M-2',
    section: 'mod_smacks',
    level: 'MUST',
    role: 'server',
    text: 'On timeout the user goes offline as usual and the queued stanzas return to their senders with recipient-unavailable.',
  },
  {
    id: 'M-3',
    section: 'mod_smacks',
    level: 'MUST',
    role: 'server',
    text: 'Policy on timeout can be replaced: return as errors, hand to offline storage, or drop without an error.',
  },
  {
    id: 'M-4',
    section: 'mod_smacks',
    level: 'MUST',
    role: 'server',
    text: 'Events: ack delayed, hibernation start, hibernation end, and a stanza queued while hibernating, with what a push service needs.',
  },
  {
    id: 'M-5',
    section: 'mod_smacks',
    level: 'MUST',
    role: 'server',
    text: 'Max unacknowledged stanzas before an ack is requested (0 = at once when idle there), and another number for inactive clients.',
  },
  {
    id: 'M-6',
    section: 'mod_smacks',
    level: 'MUST',
    role: 'server',
    text: 'Max ack delay (60 s there) before the ack-delayed event.',
  },
  {
    id: 'M-7',
    section: 'mod_smacks',
    level: 'MUST',
    role: 'server',
    text: 'Per-user limit of hibernating sessions (10): the oldest gives way, with its stanzas returned.',
  },
  {
    id: 'M-8',
    section: 'mod_smacks',
    level: 'MUST',
    role: 'server',
    text: 'Per-user limit of remembered h values of expired sessions (10), kept past the timeout.',
  },
  {
    id: 'M-9',
    section: 'mod_smacks',
    level: 'MUST',
    role: 'both',
    text: 'Stream management between servers (s2s), off or on by option.',
  },
  {
    id: 'M-10',
    section: 'mod_smacks',
    level: 'SHOULD',
    role: 'server',
    text: 'Queue limit (500 in later releases): past it the session is no longer resumable, or the stream is closed with an error; documented, never silent loss.',
  },
];
