import type { Command } from 'commander';
import { orMisuse } from '../failure.js';
import { addOptions, readOptions } from '../options.js';
import { DEFAULT_ADDRESS } from '../tracing-options.js';
import { formatAddress } from '../values.js';
import { inspectOptions } from './options.js';

export const addInspectCommand = (program: Command): void => {
  const command = program
    .command('inspect')
    .description('Serve a page that shows sessions: those of a running process, or those of a record.')
    .argument('[what]', 'where host --inspect or demo --inspect shows them, or a file that --trace wrote', DEFAULT_URL);
  addOptions(command, inspectOptions);
  command.addHelpText('after', EXAMPLES).action(async (what: string) => {
    const flags = orMisuse(readOptions(inspectOptions, command.opts()));
    const { inspect } = await import('./run.js');
    await inspect(what, flags);
  });
};

const DEFAULT_URL = `http://${formatAddress(DEFAULT_ADDRESS)}/`;

const EXAMPLES = `
A running process serves the same page by itself; this one is for a page at another address. A record is stepped through,
forwards and back. Whoever can connect to the address that is listened on can look, so keep it on this machine.

Examples:
  smacks host --listen 127.0.0.1:5222 --account romeo:secret --inspect
  smacks inspect
  smacks inspect http://127.0.0.1:5199/ --listen 127.0.0.1:8080
  smacks demo --messages 50 --cuts 5 --trace demo.jsonl && smacks inspect demo.jsonl`;
