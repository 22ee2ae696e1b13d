/** Runs the server as a child process, kills it, and runs it again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../log.js';
import type { Server, Setting } from './server.js';

export interface Supervisor {
  /** How often it was killed. */
  readonly deaths: number;
  /** Resolves when the server accepts connections. Rejects when it ends or does not in time: with the end of what it printed. */
  start(): Promise<void>;
  /** Spawns the server and does not wait for it. */
  spawn(): void;
  untilUp(): Promise<void>;
  /** Sends the signal, and resolves when the process is gone. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/** Milliseconds. */
const START_WITHIN = 60_000;
const STOP_WITHIN = 10_000;
const LOOK_EVERY = 20;

export const createSupervisor = (server: Server, { ports, directory }: Setting, log: Log): Supervisor => {
  let child: ChildProcess | undefined;
  let isUp = false;
  let output = '';
  let deaths = 0;

  /** To the whole group: a shell or a wrapper may stand before the server. */
  const signal = (name: NodeJS.Signals): void => {
    if (child?.pid === undefined) return;
    try {
      process.kill(-child.pid, name);
    } catch {} // it is gone already
  };
  process.once('exit', () => signal('SIGKILL'));

  const spawnServer = (): void => {
    const { command, args, env = {} } = server;
    const started = spawn(command, args, {
      cwd: command === 'erl' || command === 'prosody' ? directory : process.cwd(),
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    for (const stream of [started.stdout, started.stderr])
      stream.on('data', (text: Buffer) => {
        output = (output + text.toString()).slice(-2000);
      });
    started.once('error', (error) => {
      output += error.message;
    });
    child = started;
    isUp = false;
    log.add({ is: 'started' });
  };

  const untilUp = async (): Promise<void> => {
    const begun = child;
    for (const deadline = performance.now() + START_WITHIN; performance.now() < deadline; ) {
      if (begun?.exitCode !== null || begun.signalCode !== null) throw new Error(`it ended at once: ${output.trim()}`);
      if ((await answers(ports.tcp)) && (await answers(ports.webSocket))) {
        isUp = true;
        log.add({ is: 'up' });
        return;
      }
      await delay(LOOK_EVERY);
    }
    throw new Error(`it does not come up: ${output.trim()}`);
  };

  return {
    get deaths() {
      return deaths;
    },
    spawn: spawnServer,
    untilUp,
    async start() {
      spawnServer();
      await untilUp();
    },
    async kill(name) {
      const dying = child;
      if (dying === undefined || dying.exitCode !== null || dying.signalCode !== null) return;
      const gone = new Promise((resolve) => dying.once('exit', resolve));
      deaths += 1;
      log.add({ is: 'killed', signal: name, wasUp: isUp });
      signal(name);
      const late = setTimeout(() => signal('SIGKILL'), STOP_WITHIN);
      await gone;
      clearTimeout(late);
      isUp = false;
    },
  };
};

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const settle = (value: boolean): void => {
      socket.destroy();
      resolve(value);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
