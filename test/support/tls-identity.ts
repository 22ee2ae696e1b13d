/** The key and the certificate of the servers in tests: self-signed, for localhost and 127.0.0.1, from 2020 to 2120. */
import { readFileSync } from 'node:fs';
import type { TlsIdentity } from '../../src/transports/node.js';

const read = (file: string): Buffer => readFileSync(new URL(file, import.meta.url));

export const identity: TlsIdentity = { key: read('localhost-key.pem'), cert: read('localhost-cert.pem') };
