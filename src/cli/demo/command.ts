import type { Command } from 'commander';
import { orMisuse } from '../failure.js';
import { addOptions } from '../options.js';
import { addTracingOptions } from '../tracing-options.js';
import { demoOptions, readDemo } from './options.js';

export const addDemoCommand = (program: Command): void => {
  const command = program
    .command('demo')
    .description('Two clients talk through the host while the wires between them are cut; shows that nothing is lost.');
  addOptions(command, demoOptions);
  addTracingOptions(command);
  command.addHelpText('after', EXAMPLES).action(async () => {
    const flags = orMisuse(readDemo(command.opts()));
    const { demo } = await import('./demo.js');
    process.exitCode = await demo(flags);
  });
};

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
