/** An option for each field of the policy except `deferHandling`: the host handles a stanza when it gets it. */
import { fromNullable } from 'fp-ts/lib/Either.js';
import { DEFAULT_POLICY, type Policy } from '../../core/policy.js';
import { parseUint32, type Uint32 } from '../../core/uint32.js';
import { type Flags, noFlag, type Option, optional, type Reader, type Rule, withDefault } from '../options.js';
import { location, oneOf, seconds, wholeNumber } from '../values.js';

export type PolicyFlags = Flags<typeof policyOptions>;

type Named<A> = { readonly [name in keyof Policy]: Policy[name] extends A ? name : never }[keyof Policy];

const duration = (name: Named<number>, description: string): Option<number> =>
  withDefault('<seconds>', description, seconds, DEFAULT_POLICY[name]);

const count = (name: Named<number>, least: number, description: string): Option<number> =>
  withDefault('<n>', description, wholeNumber(least, 2 ** 31 - 1), DEFAULT_POLICY[name]);

const uint32: Reader<Uint32> = (text) => fromNullable('not a whole number from 0 to 4294967295')(parseUint32(text));

export const policyOptions = {
  resume: noFlag('acknowledge only: no session can be resumed'),
  hibernationTime: duration('hibernationTime', 'how long a lost session is kept'),
  maxUnackedStanzas: count('maxUnackedStanzas', 0, 'stanzas sent before an ack is asked for; 0 asks at once'),
  maxInactiveUnackedStanzas: count('maxInactiveUnackedStanzas', 0, 'the same while the client is inactive'),
  ackIdle: duration('ackIdle', 'ask this long after the first stanza nobody asked about'),
  maxAckDelay: duration('maxAckDelay', 'report an ack that is late by this much'),
  deadAfter: duration('deadAfter', 'give the connection up when an ack is this late'),
  maxQueueStanzas: count('maxQueueStanzas', 1, 'how many stanzas a session may have unacknowledged'),
  maxQueueBytes: count('maxQueueBytes', 1, 'how many bytes they may have'),
  overflowGrace: duration('overflowGrace', 'how long a full queue may stay full'),
  storeTimeout: duration('storeTimeout', 'how long a request waits for the session store'),
  secondEnable: withDefault(
    '<answer>',
    'the answer to a second <enable/>: refuse it, or close the stream',
    oneOf('refuse', 'close'),
    DEFAULT_POLICY.secondEnable,
  ),
  location: optional('<host:port>', 'where clients should reconnect first', location),
  initialCount: withDefault(
    '<n>',
    'for tests of the roll-over: both counters of a session start here',
    uint32,
    DEFAULT_POLICY.initialCount,
  ),
};

export const lateAckBeforeDeadLink: Rule<PolicyFlags> = ({ maxAckDelay, deadAfter }) =>
  deadAfter < maxAckDelay
    ? `--dead-after (${deadAfter} s) must not be less than --max-ack-delay (${maxAckDelay} s)`
    : undefined;
