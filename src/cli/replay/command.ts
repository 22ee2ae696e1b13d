import type { Command } from 'commander';
import { orMisuse } from '../failure.js';
import { addOptions, readOptions } from '../options.js';
import { replayOptions } from './options.js';

export const addReplayCommand = (program: Command): void => {
  const command = program
    .command('replay')
    .description('Step through a record that --trace wrote, and check every step of it against the charts.')
    .argument('<file>', 'what host --trace or demo --trace wrote');
  addOptions(command, replayOptions);
  command.addHelpText('after', EXAMPLES).action(async (file: string) => {
    const flags = orMisuse(readOptions(replayOptions, command.opts()));
    const { replay } = await import('./replay.js');
    await replay(file, flags);
  });
};

const EXAMPLES = `
Each step is printed with its transition, the guard that chose it, and the clauses of XEP-0198 that it carries out. The exit
code is 1 when the charts do otherwise than the record says, be it in a state, an effect or a counter; the first such line is
named. A record begins anew with each run of a session, so files may be appended to. Its last line may be cut off.

Examples:
  smacks demo --messages 50 --cuts 5 --trace demo.jsonl && smacks replay demo.jsonl
  smacks replay host.jsonl --session romeo@localhost
  smacks replay host.jsonl --json | jq -r .to`;
