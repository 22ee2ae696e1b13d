/** Every order in which a few things can happen to a client and its servers: is any stanza lost or doubled, does any h lie? */
import { Command } from 'commander';
import { isLeft } from 'fp-ts/lib/Either.js';
import { addOptions, flag, optional, readOptions } from '../../src/cli/options.js';
import { oneOf, wholeNumber } from '../../src/cli/values.js';
import { explore } from '../../src/testing.js';
import { families } from './families.js';
import { boundsText, count, listOf, verdictOf } from './print.js';

const options = {
  family: optional('<name>', 'only this family', oneOf(...families.map(({ name }) => name))),
  large: flag('the largest bounds: it takes much longer, and several gigabytes'),
  list: flag('list the families and end'),
  mostStates: optional('<n>', 'stop a family at this number of states', wholeNumber(1, 2 ** 31 - 1)),
};

const command = new Command('explore')
  .description('Walks every state that a client and its servers can come to over a wire, breadth first.')
  .addHelpText(
    'after',
    `
A family says what may happen, and how often:

${listOf(families)}

A fault is printed with a shortest history. The exit code is 0 when every family was walked to its end without a fault.`,
  );
addOptions(command, options);
const checked = readOptions(options, command.parse().opts());
if (isLeft(checked)) {
  console.error(checked.left.join('\n'));
  process.exit(2);
}
const { family: only, large, list, mostStates } = checked.right;
if (list) {
  console.log(listOf(families));
  process.exit();
}

/** Seconds between two lines of progress. */
const LINE_EVERY = 5;

const began = performance.now();
let faults = 0;
let states = 0;
for (const { name, description, options, policies, bounds, largeBounds } of families) {
  if (only !== undefined && name !== only) continue;
  const chosen = large ? largeBounds : bounds;
  console.log(`${name}: ${description}\n   ${boundsText(chosen)}`);
  const start = performance.now();
  let told = start;
  const result = explore({
    ...options,
    policies,
    bounds: chosen,
    ...(mostStates !== undefined && { mostStates }),
    onProgress(progress) {
      if (performance.now() - told < LINE_EVERY * 1000) return;
      told = performance.now();
      console.log(`   ${count(progress.states)} states, ${progress.depth} deep`);
    },
  });
  states += result.states;
  if (result.fault !== null || !result.isWhole) faults += 1;
  console.log(`   ${verdictOf(result, (performance.now() - start) / 1000)}\n`);
}
const seconds = ((performance.now() - began) / 1000).toFixed(0);
console.log(`${count(states)} states in ${seconds} s: ${faults === 0 ? 'passed' : `${faults} families failed`}`);
process.exitCode = faults === 0 ? 0 : 1;
