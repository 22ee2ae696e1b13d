import { type Command, Option } from 'commander';
import { addInspectOptions, inspectFault } from '../inspect/options.js';
import type { TracingFlags } from '../tracing.js';
import { wholeNumber } from '../values.js';

export interface DemoFlags extends TracingFlags {
  /** Each way. */
  readonly messages: number;
  readonly cuts: number;
  readonly seed?: number;
  readonly json?: boolean;
}

export function addDemoCommand(program: Command): void {
  const command = program
    .command('demo')
    .description('Two clients talk through the host while the wires between them are cut; shows that nothing is lost.')
    .addOption(new Option('--messages <n>', 'messages each way').argParser(wholeNumber(1, 1_000_000)).default(2000))
    .addOption(new Option('--cuts <n>', 'how often a connection is cut').argParser(wholeNumber(0, 10_000)).default(40))
    .addOption(
      new Option('--seed <n>', 'repeat the cuts of an earlier run (default: a fresh one)').argParser(
        wholeNumber(0, 2 ** 32 - 1),
      ),
    )
    .option('--json', 'print one JSON object instead of the table')
    .option('--trace <file>', 'append every step of host and clients to this file, as lines of JSON for smacks replay');
  addInspectOptions(command)
    .addHelpText('after', EXAMPLES)
    .action(async (flags: DemoFlags) => {
      const fault = inspectFault(flags);
      if (fault !== undefined) command.error(fault);
      const { demo } = await import('./demo.js');
      process.exitCode = await demo(flags);
    });
}

const EXAMPLES = `
It starts the host on a free port of 127.0.0.1 and two clients of @xmpp/client, which must be installed. Cuts come between
stanzas and inside them, as FIN, as RST, and as silence. The seed decides when and how; what happens then is up to the
network. The exit code is 0 when every cut was made, every message arrived once and in order, and every
receipt says so. With --inspect it stays until it is interrupted, so that there is time to look.

Examples:
  smacks demo
  smacks demo --messages 200 --cuts 10 --seed 42
  smacks demo --inspect
  smacks demo --json | jq .verdict
  smacks demo --messages 50 --cuts 5 --trace demo.jsonl && smacks replay demo.jsonl`;
