/** `@xmpp/client`, which has no types and need not be installed: what the demo uses of it. */
import type { XmppClient } from '../../adapters/xmppjs/index.js';
import { Failure } from '../failure.js';
