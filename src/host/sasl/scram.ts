import { timingSafeEqual } from 'node:crypto';
import { accountName } from '../accounts.js';
import { decodeBase64 } from './base64.js';
import { type Credentials, digest, digestLength, hmac, type ScramHash } from './credentials.js';
import { failure, mayActAs, type SaslContext, type Step } from './mechanism.js';

/** gs2 header, then `n=` and `r=` (RFC 5802 section 7). `p=` and the reserved `m=` do not match: both are refused. */
const CLIENT_FIRST = /^((?:n|y),(?:a=([^,]+))?,)(n=([^,]+),r=([\x21-\x2b\x2d-\x7e]+)(?:,.*)?)$/s;
const CLIENT_FINAL = /^(c=([^,]+),r=([\x21-\x2b\x2d-\x7e]+)(?:,.*)?),p=([^,]+)$/s;
/** In a name a comma is written `=2C` and an equals sign `=3D`; no other `=` is allowed. */
const SASLNAME = /^(?:[^=]|=2C|=3D)+$/;

/** SCRAM (RFC 5802, RFC 7677) without channel binding: `y` is right, because no -PLUS mechanism is offered. */
export const scram =
  (hash: ScramHash, { accounts, domain, nonce }: SaslContext): Step =>
  async (clientFirst) => {
    const [, gs2Header = '', authzid = '', bare = '', name = '', clientNonce = ''] =
      CLIENT_FIRST.exec(clientFirst) ?? [];
    if (!SASLNAME.test(name) || (authzid !== '' && !SASLNAME.test(authzid))) return failure('malformed-request');
    const username = accountName(unescapeName(name));
    if (username === undefined) return failure('not-authorized');

    const credentials = accounts.credentials(username, hash);
    const fullNonce = clientNonce + nonce();
    const serverFirst = `r=${fullNonce},s=${credentials.salt.toString('base64')},i=${credentials.iterations}`;

    const final: Step = async (clientFinal) => {
      const [, withoutProof = '', binding = '', answered, proofText = ''] = CLIENT_FINAL.exec(clientFinal) ?? [];
      const proof = decodeBase64(proofText);
      if (proof?.length !== digestLength(hash)) return failure('malformed-request');
      if (binding !== Buffer.from(gs2Header).toString('base64')) return failure('not-authorized');
      if (answered !== fullNonce) return failure('not-authorized');
      const authMessage = `${bare},${serverFirst},${withoutProof}`;
      if (!proves(hash, proof, authMessage, credentials)) return failure('not-authorized');
      if (!mayActAs(unescapeName(authzid), username, domain)) return failure('invalid-authzid');
      const signature = hmac(hash, credentials.serverKey, authMessage).toString('base64');
      return { type: 'success', data: `v=${signature}`, username };
    };
    return { type: 'challenge', data: serverFirst, next: final };
  };

/** The proof is the client key XOR the client signature. The client key is right when its hash is the stored key. */
const proves = (hash: ScramHash, proof: Buffer, authMessage: string, { storedKey }: Credentials): boolean => {
  const signature = hmac(hash, storedKey, authMessage);
  const clientKey = Buffer.from(proof.map((byte, i) => byte ^ (signature[i] ?? 0)));
  return timingSafeEqual(digest(hash, clientKey), storedKey);
};

const unescapeName = (name: string): string => name.replaceAll('=2C', ',').replaceAll('=3D', '=');
