/** A thousand sessions on one host while connections are cut: is anything lost or doubled, and does memory stay flat? */
import { Command, InvalidArgumentError, Option } from 'commander';
import { wholeNumber } from '../../src/cli/values.js';
import { seedFrom } from '../../src/testing.js';
import { BAD_SHARE, CUT_AFTER, MESSAGES_PER_SECOND, ROUND } from './pace.js';
import { type SoakOptions, soak } from './run.js';
import { lineOf, tableOf } from './table.js';
import { faultsIn } from './verdict.js';

type Flags = Omit<SoakOptions, 'seed' | 'onProgress'> & { readonly seed?: number };

const even = (text: string): number => {
  const count = wholeNumber(2, 20_000)(text);
  if (count % 2 === 0) return count;
  throw new InvalidArgumentError('They talk in pairs: it takes an even number.');
};

const flags = new Command('soak')
  .description('Many sessions talk in pairs through one host while their connections are cut.')
  .addOption(new Option('--sessions <n>', 'how many, an even number').argParser(even).default(1000))
  .addOption(new Option('--seconds <n>', 'how long').argParser(wholeNumber(10, 86_400)).default(120))
  .addOption(new Option('--seed <n>', 'of the cuts (default: a fresh one)').argParser(wholeNumber(0, 2 ** 32 - 1)))
  .addOption(new Option('--transport <name>', 'what carries the streams').choices(['tcp', 'websocket']).default('tcp'))
  .addHelpText(
    'after',
    `
The host runs in a process of its own, the clients and the wires that are cut in another. Each session sends
${MESSAGES_PER_SECOND} message a second. Bad times go round all sessions every ${ROUND} s: ${BAD_SHARE * 100} % of them at any moment are cut ${CUT_AFTER.join(' to ')} ms
after each return, between elements and inside them, with FIN, with RST, now and then in silence. The exit code is 0
when nothing was lost, doubled or out of order, no session was lost, the host's memory stayed flat, and nothing was left in it.`,
  )
  .parse()
  .opts<Flags>();

const seed = flags.seed ?? seedFrom(process.env.SEED);
console.log(`${flags.sessions} sessions over ${flags.transport} for ${flags.seconds} s, seed ${seed}`);
const result = await soak({ ...flags, seed, onProgress: (progress) => console.log(lineOf(progress)) });
const faults = faultsIn(result);
console.log(`\n${tableOf(result)}\n`);
console.log(faults.length === 0 ? 'passed' : `failed: ${faults.join('; ')}`);
process.exitCode = faults.length === 0 ? 0 : 1;
