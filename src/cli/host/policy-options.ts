import { InvalidArgumentError, Option } from 'commander';
import { DEFAULT_POLICY, type Policy } from '../../core/policy.js';
import { parseUint32, type Uint32 } from '../../core/uint32.js';
import { location, seconds, wholeNumber } from '../values.js';

/** Every field but `deferHandling`, which the host has no use for: it handles a stanza when it gets it. */
export type PolicyFlags = Omit<Policy, 'deferHandling' | 'location'> & { readonly location?: string };

/** One option for each field of the policy, in kebab case. */
export function policyOptions(): readonly Option[] {
  const { secondEnable, initialCount } = DEFAULT_POLICY;
  return [
    new Option('--no-resume', 'acknowledge only: no session can be resumed'),
    duration('hibernation-time', 'how long a lost session is kept', DEFAULT_POLICY.hibernationTime),
    count(
      'max-unacked-stanzas',
      0,
      'stanzas sent before an ack is asked for; 0 asks at once',
      DEFAULT_POLICY.maxUnackedStanzas,
    ),
    count(
      'max-inactive-unacked-stanzas',
      0,
      'the same while the client is inactive',
      DEFAULT_POLICY.maxInactiveUnackedStanzas,
    ),
    duration('ack-idle', 'ask this long after the first stanza nobody asked about', DEFAULT_POLICY.ackIdle),
    duration('max-ack-delay', 'report an ack that is late by this much', DEFAULT_POLICY.maxAckDelay),
    duration('dead-after', 'give the connection up when an ack is this late', DEFAULT_POLICY.deadAfter),
    count('max-queue-stanzas', 1, 'how many stanzas a session may have unacknowledged', DEFAULT_POLICY.maxQueueStanzas),
    count('max-queue-bytes', 1, 'how many characters of XML they may have', DEFAULT_POLICY.maxQueueBytes),
    duration('overflow-grace', 'how long a full queue may stay full', DEFAULT_POLICY.overflowGrace),
    new Option('--second-enable <answer>', 'a second <enable/> is refused, or closes the stream')
      .choices(['refuse', 'close'])
      .default(secondEnable),
    new Option('--location <host:port>', 'where clients should reconnect first').argParser(location),
    new Option('--initial-count <n>', 'for tests of the roll-over: both counters of a session start here')
      .argParser(uint32)
      .default(initialCount),
  ];
}

/** What is wrong between the flags, if anything. */
export function policyFault({ maxAckDelay, deadAfter }: PolicyFlags): string | undefined {
  if (deadAfter >= maxAckDelay) return undefined;
  return `--dead-after (${deadAfter} s) must not be less than --max-ack-delay (${maxAckDelay} s)`;
}

const duration = (name: string, description: string, standard: number): Option =>
  new Option(`--${name} <seconds>`, description).argParser(seconds).default(standard);

const count = (name: string, min: number, description: string, standard: number): Option =>
  new Option(`--${name} <n>`, description).argParser(wholeNumber(min, MOST)).default(standard);

function uint32(text: string): Uint32 {
  const value = parseUint32(text);
  if (value === undefined) throw new InvalidArgumentError('It takes a whole number from 0 to 4294967295.');
  return value;
}

const MOST = 2 ** 31 - 1;
