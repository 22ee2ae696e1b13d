import { Argument, type Command, Option } from 'commander';

export interface DiagramFlags {
  readonly state?: string;
  readonly all?: boolean;
  readonly brief?: boolean;
}

export function addDiagramCommand(program: Command): void {
  program
    .command('diagram')
    .description('Print the charts as Mermaid diagrams.')
    .addArgument(new Argument('[role]', 'whose chart (default: both)').choices(['client', 'server']))
    .addOption(new Option('--state <name>', 'only this state, what is inside it, and its neighbours'))
    .option('--all', 'also show what changes nothing: events that are ignored')
    .addOption(
      new Option('--brief', 'only the ways from state to state; without --state, of the outermost states').conflicts(
        'all',
      ),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (role: 'client' | 'server' | undefined, flags: DiagramFlags) => {
      const { printDiagrams } = await import('./print.js');
      printDiagrams(role, flags);
    });
}

const EXAMPLES = `
With a role it prints the bare diagram; for both, a page of Markdown. A state is named by its path, or by its last part
where only one state has it. Arrows bear the event, the guard and the clauses of XEP-0198; the conformance page explains them.

Examples:
  smacks diagram client > client.mmd
  smacks diagram server --state hibernating
  smacks diagram server --brief
  smacks diagram --state acking > acking.md`;
