import { type Command, Option } from 'commander';
import { type Address, address, formatAddress } from '../values.js';
import { DEFAULT_ADDRESS } from './options.js';

export interface InspectCommandFlags {
  readonly listen: Address;
  readonly stanzas?: boolean;
}

export function addInspectCommand(program: Command): void {
  program
    .command('inspect')
    .description('Serve a page that shows sessions: those of a running process, or those of a record.')
    .argument('[what]', 'where host --inspect or demo --inspect shows them, or a file that --trace wrote', DEFAULT_URL)
    .addOption(
      new Option('--listen <host:port>', 'serve the page here; port 0 is any free port')
        .argParser(address)
        .default({ host: '127.0.0.1', port: 0 }, '127.0.0.1:0'),
    )
    .option('--stanzas', 'of a record: show what stanzas hold, not their names alone')
    .addHelpText('after', EXAMPLES)
    .action(async (what: string, flags: InspectCommandFlags) => {
      const { inspect } = await import('./run.js');
      await inspect(what, flags);
    });
}

const DEFAULT_URL = `http://${formatAddress(DEFAULT_ADDRESS)}/`;

const EXAMPLES = `
A running process serves the same page by itself; this one is for a page at another address. A record is stepped through,
forwards and back. Whoever can connect to the address that is listened on can look, so keep it on this machine.

Examples:
  smacks host --listen 127.0.0.1:5222 --account romeo:secret --inspect
  smacks inspect
  smacks inspect http://127.0.0.1:5199/ --listen 127.0.0.1:8080
  smacks demo --messages 50 --cuts 5 --trace demo.jsonl && smacks inspect demo.jsonl`;
