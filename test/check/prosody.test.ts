import { prosody } from '../interop/peers/prosody.js';
import { expectPeer } from './peer.js';

// What it makes of all that comes in one write is not the same every time where the machine is busy.
expectPeer(prosody, 'prosody', ['TCP', 'direct TLS', 'WebSocket'], ['resume-with-login-in-one-write']);
