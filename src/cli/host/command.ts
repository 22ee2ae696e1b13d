import type { Command } from 'commander';
import { orMisuse } from '../failure.js';
import { addOptions } from '../options.js';
import { addTracingOptions } from '../tracing-options.js';
import { limitOptions, readHost, serverOptions } from './options.js';
import { policyOptions } from './policy-options.js';

export const addHostCommand = (program: Command): void => {
  const command = program
    .command('host')
    .description('Run the reference host: a small XMPP server to try stream management on.')
    .usage('--listen HOST:PORT --account USER:PASSWORD [options]');
  addOptions(command, serverOptions);
  addOptions(command, { ...policyOptions, ...limitOptions }, 'Policy:');
  addTracingOptions(command);
  command.addHelpText('after', EXAMPLES).action(async () => {
    const flags = orMisuse(readHost(command.opts()));
    const { runHost } = await import('./run.js');
    await runHost(flags);
  });
};

const EXAMPLES = `
Times are in seconds. SIGINT or SIGTERM stops it and returns what is undelivered; a second one stops it at once.
Passwords on a command line are seen by every user of the machine: the host is for trying things out.

Examples:
  smacks host --listen 127.0.0.1:5222 --account romeo:secret --account juliet:secret --events
  smacks host --listen [::1]:0 --tls cert.pem,key.pem --domain capulet.example --account juliet:secret
  smacks host --ws 127.0.0.1:5280 --account romeo:secret
  smacks host --listen 127.0.0.1:5222 --account romeo:secret --domain montague.example \\
    --s2s 127.0.0.1:5269 --s2s-peer capulet.example=127.0.0.2:5269
  smacks host --listen 127.0.0.1:5222 --account romeo:secret --inspect
  smacks host --listen 127.0.0.1:5222 --account romeo:secret --hibernation-time 30 --initial-count 4294967290`;
