import { ejabberd } from '../interop/peers/ejabberd.js';
import { expectPeer } from './peer.js';

expectPeer(ejabberd, 'ejabberd', ['TCP', 'direct TLS']);
