import { left, right } from 'fp-ts/lib/Either.js';
import { parseServer } from '../../check/target.js';
import { type Flags, flag, optional, type Reader, repeated, withDefault } from '../options.js';
import { anyText, oneOf, seconds, wholeNumber } from '../values.js';

export type CheckFlags = Flags<typeof checkOptions>;

const server: Reader<string> = (text) =>
  parseServer(text) === undefined
    ? left('not HOST:PORT, nor the URL of a WebSocket, such as ws://127.0.0.1:5280/xmpp-websocket')
    : right(text);

/** A bare JID and a password, as `--account` gives them. */
interface Account {
  readonly jid: string;
  readonly password: string;
}

const account: Reader<Account> = (text) => {
  const [, jid, password] = /^([^:@/]+@[^:@/]+):(.+)$/s.exec(text) ?? [];
  if (jid === undefined || password === undefined) return left('not JID:PASSWORD, such as romeo@localhost:secret');
  return right({ jid, password });
};

const names: Reader<readonly string[]> = (text) => right(text.split(',').map((name) => name.trim()));

export const checkOptions = {
  server: optional('<address>', 'HOST:PORT, or the ws: or wss: URL of a WebSocket', server),
  transport: withDefault(
    '<how>',
    'how to reach it: tcp, starttls, tls or ws',
    oneOf('tcp', 'starttls', 'tls', 'ws'),
    'tcp',
  ),
  account: repeated('<jid:password>', 'an account made for this; repeat it: two at least', account, {
    identity: ({ jid }) => jid,
    secret: true,
  }),
  only: optional('<id,...>', 'these checks: by id, by subject, or by the id of a clause', names),
  list: flag('print the checks with their clauses, and run none'),
  wait: withDefault('<seconds>', 'how long a check may wait for a session to expire', seconds, 10),
  stress: flag('also send more than a client would: thousands of stanzas, many sessions'),
  insecure: flag('take any certificate; on this machine any is taken'),
  initialCount: withDefault(
    '<n>',
    'the server was started with both counters here, to check the roll-over',
    wholeNumber(0, 2 ** 32 - 1),
    0,
  ),
  json: optional('<file>', 'write the results as JSON; - is stdout', anyText),
  junit: optional('<file>', 'write them as JUnit XML; - is stdout', anyText),
  transcript: optional('<directory>', 'write what crossed the wire, a file for each check', anyText),
};
