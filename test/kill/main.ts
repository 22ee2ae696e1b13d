/** A server that is killed again and again: does it lose, double or make up anything? */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js';
import { addOptions, optional, type Reader, readOptions, withDefault } from '../../src/cli/options.js';
import { anyText, wholeNumber } from '../../src/cli/values.js';
import { seedFrom } from '../../src/testing.js';
import { freePorts } from '../interop/peers/ports.js';
import { faultsIn } from './check/check.js';
import { readHistory } from './check/history.js';
import { excusedIn } from './check/messages.js';
import { isConnectionError } from './clients/xmppjs.js';
import { type Run, run } from './run.js';
import { ejabberd } from './servers/ejabberd.js';
import { fromCommandLine } from './servers/host.js';
import { prosody } from './servers/prosody.js';
import type { Prepare } from './servers/server.js';
import { examplesOf, tableOf } from './table.js';

const rates: Reader<readonly number[]> = (text): Either<string, readonly number[]> => {
  const numbers = text.split(',').map(Number);
  return numbers.every((number) => number > 0 && number <= 1000)
    ? right(numbers)
    : left('not numbers from 1 to 1000 with commas between');
};

const minutesReader: Reader<number> = (text) => {
  const number = Number(text);
  return number >= 0.1 && number <= 1440 ? right(number) : left('not a number from 0.1 to 1440');
};

const server: Reader<Prepare> = (text) => {
  if (text.trim() === '') return left('an empty command line');
  return right({ prosody, ejabberd }[text] ?? fromCommandLine(text));
};

const options = {
  server: withDefault('<what>', 'prosody, ejabberd, or a command line', server, 'node dist/cli/main.js host'),
  kills: withDefault('<n>', 'how often the server gets SIGKILL; 0 breaks connections only', wholeNumber(0, 1e5), 200),
  minutes: withDefault('<n>', 'in which time', minutesReader, 15),
  clients: withDefault('<n>', 'how many', wholeNumber(4, 400), 16),
  rate: withDefault('<n,n>', 'messages a second of a client; the clients take turns', rates, '15,40'),
  hibernation: withDefault('<seconds>', 'how long the server keeps a lost session', wholeNumber(4, 3600), 8),
  seed: optional('<n>', 'of all that the harness decides (default: a fresh one)', wholeNumber(0, 2 ** 32 - 1)),
  log: optional('<file>', 'write the facts here, as lines of JSON', anyText),
};

const command = new Command('kill')
  .description('Honest clients talk through a server that is killed, and a checker reads what they saw.')
  .addHelpText(
    'after',
    `
A command line gets the options of smacks host that the harness needs; {dir} in it is a directory that lasts as long as the run:
  npm run kill -- --server 'node dist/cli/main.js host --store level:{dir}/store'
Half of the clients are raw and half xmpp.js with the drop-in; half of each come over TCP and half over WebSocket. Three in ten of the
deaths are followed by another during the start, and after ten SIGKILLs comes a SIGTERM. The exit code is 0 when the checker finds no fault,
1 when it finds some, and 2 when the run could not be made.`,
  );
addOptions(command, options);
const checked = readOptions(options, command.parse().opts());
if (isLeft(checked)) {
  console.error(checked.left.join('\n'));
  process.exit(2);
}
const { server: prepare, rate, hibernation, seed: given, log, ...flags } = checked.right;
const seed = given ?? seedFrom(process.env.SEED);
console.log(
  `${flags.clients} clients, ${flags.kills} kills in ${flags.minutes} min, seed ${seed} (to repeat: --seed ${seed})`,
);

process.on('unhandledRejection', (cause) => {
  if (!isConnectionError(cause)) throw cause;
});

const directory = mkdtempSync(join(tmpdir(), 'smacks-kill-'));
process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(2));

const isTerminal = process.stdout.isTTY === true;
const [tcp = 0, webSocket = 0] = await freePorts(2);
const result: Run = await run({
  ...{ ...flags, prepare, directory, seed, rates: rate, hibernationTime: hibernation, ports: { tcp, webSocket } },
  onProgress: (line) => isTerminal && process.stdout.write(`\r${line}\x1b[K`),
}).catch((cause: unknown) => {
  console.error(`the run could not be made: ${cause instanceof Error ? cause.message : String(cause)}`);
  process.exit(2);
});

const { facts, isSettled } = result;
if (log !== undefined) writeFileSync(log, facts.map((fact) => `${JSON.stringify(fact)}\n`).join(''));
const faults = faultsIn(facts);
console.log(`${isTerminal ? '\n' : ''}\n${tableOf(result.server, facts, faults, excusedIn(readHistory(facts)))}\n`);
for (const line of examplesOf(faults)) console.log(line);
if (!isSettled) console.log('the clients did not come to rest');
const isFine = faults.length === 0 && isSettled;
console.log(isFine ? 'passed' : `failed: ${faults.length} faults, seed ${seed}`);
process.exit(isFine ? 0 : 1);
