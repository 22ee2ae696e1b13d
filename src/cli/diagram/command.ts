import { Argument, type Command } from 'commander';
import { orMisuse } from '../failure.js';
import { addOptions } from '../options.js';
import { diagramOptions, readDiagram } from './options.js';

export const addDiagramCommand = (program: Command): void => {
  const command = program
    .command('diagram')
    .description('Print the charts as Mermaid diagrams.')
    .addArgument(new Argument('[role]', 'whose chart (default: both)').choices(['client', 'server']));
  addOptions(command, diagramOptions);
  command.addHelpText('after', EXAMPLES).action(async (role: 'client' | 'server' | undefined) => {
    const flags = orMisuse(readDiagram(command.opts()));
    const { printDiagrams } = await import('./print.js');
    printDiagrams(role, flags);
  });
};

const EXAMPLES = `
With a role it prints the bare diagram; for both, a page of Markdown. A state is named by its path, or by its last part
where only one state has it. Arrows bear the event, the guard and the clauses of XEP-0198; the conformance page explains them.

Examples:
  smacks diagram client > client.mmd
  smacks diagram server --state hibernating
  smacks diagram server --brief
  smacks diagram --state acking > acking.md`;
