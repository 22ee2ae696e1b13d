import type { Command } from 'commander';
import { orMisuse } from '../failure.js';
import { addOptions, readOptions } from '../options.js';
import { checkOptions } from './options.js';

export const addCheckCommand = (program: Command): void => {
  const command = program
    .command('check')
    .description('Check any XMPP server for XEP-0198, from outside.')
    .usage('--server HOST:PORT --account JID:PASSWORD --account JID:PASSWORD [options]');
  addOptions(command, checkOptions);
  command.addHelpText('after', EXAMPLES).action(async () => {
    const flags = orMisuse(readOptions(checkOptions, command.opts()));
    const { runCheck } = await import('./run.js');
    await runCheck(flags);
  });
};

const EXAMPLES = `
Take accounts that nobody uses: the check reads their offline messages. More of them, in pairs, make it faster.
Each check has a verdict: pass; fail, a MUST is broken; warn, a SHOULD is, or it will be regretted; skip, with the reason.
The exit code is 0 when nothing failed, 1 when something did, 2 when the check could not run.
Certificates are verified unless the server is on this machine, or --insecure is given.

Examples:
  smacks check --server 127.0.0.1:5222 --account romeo@localhost:secret --account juliet@localhost:secret
  smacks check --server xmpp.example:5223 --transport tls --account a@xmpp.example:x --account b@xmpp.example:y --junit sm.xml
  smacks check --server ws://127.0.0.1:5280/xmpp-websocket --account ... --account ... --only resumption,E-9
  smacks check --list`;
