/** `smacks host`, or whatever has its options: the harness adds those that it needs to the command line. */
import { PASSWORD, type Prepare, QUEUE_LIMIT } from './server.js';

/** @param commandLine words between spaces, with quotes where a word has spaces; `{dir}` is the directory of the run */
export const fromCommandLine =
  (commandLine: string): Prepare =>
  ({ directory, ports, users, hibernationTime }) => {
    const [command = '', ...args] = wordsOf(commandLine).map((word) => word.replaceAll('{dir}', directory));
    if (command === '') throw new Error('an empty command line');
    return {
      name: commandLine,
      command,
      args: [
        ...args,
        ...['--listen', `127.0.0.1:${ports.tcp}`, '--ws', `127.0.0.1:${ports.webSocket}`],
        ...['--hibernation-time', `${hibernationTime}`, '--max-queue-stanzas', `${QUEUE_LIMIT}`],
        // A connection that is dead is noticed before its client has been away for long.
        ...['--ack-idle', '0.5', '--max-ack-delay', '1', '--dead-after', '3'],
        ...users.flatMap((user) => ['--account', `${user}:${PASSWORD}`]),
      ],
      domain: 'localhost',
      path: '/xmpp-websocket',
    };
  };

const wordsOf = (text: string): readonly string[] =>
  [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare ?? '');
