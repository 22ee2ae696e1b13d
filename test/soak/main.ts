/** A thousand sessions on one host while connections are cut: is anything lost or doubled, and does memory stay flat? */
import { Command } from 'commander';
import { chain, fromPredicate, isLeft } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { addOptions, noFlag, optional, type Reader, readOptions, withDefault } from '../../src/cli/options.js';
import { oneOf, wholeNumber } from '../../src/cli/values.js';
import { seedFrom } from '../../src/testing.js';
import {
  BAD_SHARE,
  BURST,
  CUT_AFTER,
  DEFERRED,
  FLOOD_EVERY,
  HANDLED_AFTER,
  MESSAGES_PER_SECOND,
  ROUND,
} from './pace.js';
import { soak } from './run.js';
import { lineOf, tableOf } from './table.js';
import { faultsIn } from './verdict.js';

const even: Reader<number> = (text) =>
  pipe(
    wholeNumber(2, 20_000)(text),
    chain(
      fromPredicate(
        (count) => count % 2 === 0,
        () => 'not an even number: sessions talk in pairs',
      ),
    ),
  );

const options = {
  sessions: withDefault('<n>', 'how many, an even number', even, 1000),
  seconds: withDefault('<n>', 'how long', wholeNumber(10, 86_400), 120),
  seed: optional('<n>', 'of all that is random (default: a fresh one)', wholeNumber(0, 2 ** 32 - 1)),
  transport: withDefault('<name>', 'what carries the streams: tcp or websocket', oneOf('tcp', 'websocket'), 'tcp'),
  floods: noFlag('no bursts'),
  deferred: noFlag('everybody handles each stanza at once'),
  storeDelay: withDefault('<ms>', "the most that the host's store takes to answer", wholeNumber(0, 5000), 50),
  checkDelay: withDefault(
    '<ms>',
    'the most that a password check takes, of the members that use PLAIN',
    wholeNumber(0, 5000),
    50,
  ),
  failingCheck: withDefault('<percent>', 'how many of these password checks fail', wholeNumber(0, 100), 2),
  failingStore: withDefault('<percent>', 'how many claims and saves of the store fail', wholeNumber(0, 100), 0),
};

const command = new Command('soak')
  .description('Many sessions talk in pairs through one host while their connections are cut.')
  .addHelpText(
    'after',
    `
The host runs in a process of its own, the clients and the wires that are cut in another. Each session sends
${MESSAGES_PER_SECOND} message a second. Bad times go round all sessions every ${ROUND} s: ${BAD_SHARE * 100} % of them at any moment are cut ${CUT_AFTER.join(' to ')} ms
after each return, between elements and inside them, with FIN, with RST, now and then in silence. Every ${FLOOD_EVERY} s
somebody sends its partner ${BURST} messages at once, or both do: more than the host's queue takes, so it slows them down; who gets a burst
is not cut meanwhile. ${DEFERRED * 100} % of the members handle a stanza ${HANDLED_AFTER.join(' to ')} ms after they got it, so out of order. The host's store
answers late. Half of the members log in with PLAIN, whose check is late and fails now and then; they try again. The exit code is 0 when nothing was lost, doubled or out of order, no session was lost, the host's memory stayed
flat, and nothing was left in it. With --failing-store sessions may be lost: it is 0 when each message was either acknowledged
to its sender or returned.`,
  );
addOptions(command, options);
const checked = readOptions(options, command.parse().opts());
if (isLeft(checked)) {
  console.error(checked.left.join('\n'));
  process.exit(2);
}
const flags = checked.right;

const seed = flags.seed ?? seedFrom(process.env.SEED);
console.log(`${flags.sessions} sessions over ${flags.transport} for ${flags.seconds} s, seed ${seed}`);
const result = await soak({ ...flags, seed, onProgress: (progress) => console.log(lineOf(progress)) });
const faults = faultsIn(result);
console.log(`\n${tableOf(result)}\n`);
console.log(faults.length === 0 ? 'passed' : `failed: ${faults.join('; ')}`);
process.exitCode = faults.length === 0 ? 0 : 1;
