/** What the operating system says about a process. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** Processor time, in user and kernel mode and of all threads, in microseconds; it comes in steps of 10,000. Linux only. */
export const cpuOf = (pid: number): number => {
  const line = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // Behind the name, which may have blanks in it; utime and stime are fields 14 and 15 (proc(5)).
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND) * 1_000_000;
};

/** Resident memory, in bytes. */
export const rssOf = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;

const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
