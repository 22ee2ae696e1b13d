import { prosody } from '../interop/peers/prosody.js';
import { expectPeer } from './peer.js';

expectPeer(prosody, 'prosody', ['TCP', 'direct TLS', 'WebSocket']);
