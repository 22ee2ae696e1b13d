#!/usr/bin/env node
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { addCheckCommand } from './check/command.js';
import { addDemoCommand } from './demo/command.js';
import { addDiagramCommand } from './diagram/command.js';
import { Failure } from './failure.js';
import { addHostCommand } from './host/command.js';
import { addInspectCommand } from './inspect/command.js';
import { packageRoot } from './package-root.js';
import { addReplayCommand } from './replay/command.js';

/** Exit codes: 0 success, 1 failure, 2 misuse. */
const main = async (): Promise<void> => {
  // A reader that closes the pipe, such as `head`, wants no more output.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  const program = new Command('smacks')
    .description('XEP-0198 stream management: an XMPP session that survives the network.')
    .version(version())
    .showSuggestionAfterError()
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(`smacks: ${oneLine(text)}\n`) })
    .addHelpText('after', '\nsmacks COMMAND --help tells more about a command. Start with: smacks demo');
  addDemoCommand(program);
  addHostCommand(program);
  addInspectCommand(program);
  addCheckCommand(program);
  addDiagramCommand(program);
  addReplayCommand(program);
  try {
    await program.parseAsync();
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
};

const exitCodeOf = (error: unknown): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has written its line, or the help
  if (!(error instanceof Failure)) throw error;
  process.stderr.write(error.lines.map((line) => `smacks: ${oneLine(line)}\n`).join(''));
  return error.exitCode;
};

const oneLine = (text: string): string =>
  text
    .replace(/^error: /, '')
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ');

const version = (): string => JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')).version;

await main();
