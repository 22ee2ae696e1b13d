/** A second opinion: does the project do what a naive model of XEP-0198 does, and do sessions keep their laws on lossy wires? */
import { Command } from 'commander';
import { isLeft } from 'fp-ts/lib/Either.js';
import { addOptions, optional, readOptions, withDefault } from '../../src/cli/options.js';
import { anyText, wholeNumber } from '../../src/cli/values.js';
import { seedFrom } from '../../src/testing.js';
import { takeEngine } from './engine.js';
import { runEvents } from './events/run.js';
import { runSchedules } from './schedules/run.js';

const options = {
  events: withDefault('<n>', 'how many random events the project and the model get', wholeNumber(0, 1e9), 1_000_000),
  schedules: withDefault('<n>', 'how many schedules on lossy wires', wholeNumber(0, 1e9), 5000),
  seed: optional('<n>', 'of the random choices (default: a fresh one)', wholeNumber(0, 2 ** 32 - 1)),
  engine: optional('<path>', 'compare another build of the package, by its dist/src/index.js', anyText),
  most: withDefault('<n>', 'stop each part after so many different disagreements', wholeNumber(1, 1000), 200),
};

const command = new Command('opinion')
  .description('Compares the sessions of the project with a reference model that was written from the clauses alone.')
  .addHelpText(
    'after',
    `
The first part gives random events, legal and illegal, to the project and to the model, and compares what they do. The second part lets
clients, servers and stores talk over wires that lose, cut and delay; at each end is the project or the model, and an observer checks the laws.
Each disagreement is printed once, with the shortest history that deletion finds. The exit code is 0 when there is none, and 1 otherwise.`,
  );
addOptions(command, options);
const checked = readOptions(options, command.parse().opts());
if (isLeft(checked)) {
  console.error(checked.left.join('\n'));
  process.exit(2);
}
const { events, schedules, most, seed: given, engine } = checked.right;
if (engine !== undefined) {
  await takeEngine(engine).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    console.error(`--engine ${engine}: ${reason}; give the path of dist/src/index.js in a build`);
    process.exit(2);
  });
}

const seed = given ?? seedFrom(process.env.SEED);
const say = (line: string) => console.log(line);
say(`${events} events and ${schedules} schedules, seed ${seed} (to repeat: npm run opinion -- --seed ${seed})`);
const disagreements = runEvents({ seed, events, most, say }) + runSchedules({ seed, schedules, most, say });
say(`\n${disagreements === 0 ? 'passed' : `failed: ${disagreements} disagreements, seed ${seed}`}`);
process.exitCode = disagreements === 0 ? 0 : 1;
