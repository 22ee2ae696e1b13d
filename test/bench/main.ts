/** What stream management costs, beside what people would use instead: `npm run bench`, `npm run bench -- NAME`. */
import { execFileSync, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Argument, Command } from 'commander';
import { type Bench, isMet, type Result } from './bench.js';
import { benches } from './benches.js';
import { asMarkdown, printed } from './print.js';

const names = benches.map(({ name }) => name);
const program = new Command('bench')
  .description('What stream management costs, side by side with what people would use instead.')
  .addArgument(new Argument('[names...]', 'which to run (default: all)').choices(names))
  .option('--json <file>', 'write every table and goal to this file too')
  .option('--markdown <file>', 'write every table to this file as Markdown too')
  .addHelpText(
    'after',
    `
${benches.map(({ name, description }) => `  ${name.padEnd(12)} ${description}`).join('\n')}

Each runs in a process of its own. Figures of one run are to be compared with each other, and with those of another run only as
ratios: machines drift. A benchmark judges nothing: the exit code is 0 when everything could be measured.`,
  )
  .parse();

const { json, markdown } = program.opts<{ json?: string; markdown?: string }>();
const chosen = program.args.length > 0 ? program.args : names;
const only = process.env.BENCH_CHILD;

/** JIT compilers learn from whatever ran before: no benchmark runs behind another in one process. */
const inChild = ({ name, execArgv = [] }: Bench): Promise<Result> => {
  const scratch = mkdtempSync(join(tmpdir(), 'bench-'));
  const file = join(scratch, 'result.json');
  const child = fork(fileURLToPath(import.meta.url), [name], {
    env: { ...process.env, BENCH_CHILD: file },
    execArgv: ['--expose-gc', ...execArgv],
  });
  return new Promise<Result>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => {
      if (code === 0) resolve(JSON.parse(readFileSync(file, 'utf8')) as Result);
      else reject(new Error(`the benchmark ${name} could not be run`));
    });
  }).finally(() => rmSync(scratch, { recursive: true, force: true }));
};

const fail = (reason: unknown): never => program.error(reason instanceof Error ? reason.message : String(reason));

const commit = (): string => {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
};

const machine = {
  cpu: `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown'}`,
  node: process.version,
  commit: commit(),
};

if (only === undefined) {
  console.log(`${machine.cpu}, Node ${machine.node}, commit ${machine.commit}`);
  const results: Record<string, Result> = {};
  for (const bench of benches.filter(({ name }) => chosen.includes(name))) {
    console.log(`\n== ${bench.name}`);
    const result = await inChild(bench).catch(fail);
    results[bench.name] = result;
    console.log(`\n${printed(result)}`);
  }
  if (json !== undefined) writeFileSync(json, `${JSON.stringify({ machine, results }, null, 2)}\n`);
  if (markdown !== undefined) writeFileSync(markdown, Object.values(results).map(asMarkdown).join('\n'));
  const goals = Object.values(results).flatMap((result) => result.goals);
  if (goals.length > 0) console.log(`\n${goals.filter(isMet).length} of ${goals.length} goals met`);
} else {
  const bench = benches.find(({ name }) => name === chosen[0]);
  if (bench !== undefined)
    writeFileSync(only, JSON.stringify(await bench.run((line) => console.log(line)).catch(fail)));
}
