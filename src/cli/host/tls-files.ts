/** Reads the files of `--tls`, and says in plain words what is wrong with them. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { chain, type Either, isRight, left, mapLeft, right, tryCatch } from 'fp-ts/lib/Either.js';
import { pipe } from 'fp-ts/lib/function.js';
import { of } from 'fp-ts/lib/ReadonlyNonEmptyArray.js';
import { reasonOf } from '../failure.js';
import { type Checked, together } from '../options.js';
import type { TlsFiles } from './options.js';

/** The content of the two files. */
export interface Pem {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** @returns Left with a line for each file that cannot be read or used */
export const readTlsFiles = async (files: TlsFiles): Promise<Checked<Pem>> => {
  const [cert, key] = await Promise.all([readBytes(files.cert), readBytes(files.key)]);
  return pipe(together({ cert, key }), chain(judge(files)));
};

const readBytes = (file: string): Promise<Checked<Buffer>> =>
  readFile(file).then(right, (error: unknown) => about(file)(left(reasonOf(error))));

const judge =
  (files: TlsFiles) =>
  (pem: Pem): Checked<Pem> => {
    const both = `${files.cert},${files.key}`;
    if (isSwapped(pem)) {
      const swapped = `the certificate and the private key are swapped: write ${files.key},${files.cert}`;
      return about(both)(left(swapped));
    }
    return pipe(
      together({
        certificate: about(files.cert)(certificateIn(pem.cert)),
        privateKey: about(files.key)(privateKeyIn(pem.key)),
      }),
      chain(({ certificate, privateKey }) => about(both)(usable(pem, certificate, privateKey))),
    );
  };

/**
 * A file may hold both a certificate and a key, so the `cert` file counts as a key only when it holds no certificate.
 */
const isSwapped = ({ cert, key }: Pem): boolean =>
  !isRight(certificateIn(cert)) && isRight(privateKeyIn(cert)) && isRight(certificateIn(key));

const certificateIn = (bytes: Buffer): Either<string, X509Certificate> =>
  tryCatch(
    () => new X509Certificate(bytes),
    () => 'not a certificate in PEM form',
  );

const privateKeyIn = (bytes: Buffer): Either<string, KeyObject> =>
  tryCatch(
    () => createPrivateKey(bytes),
    () => (isEncrypted(bytes) ? 'the private key is encrypted' : 'not a private key in PEM form'),
  );

/** A PKCS #8 file says in its first line that it is encrypted; older files say it in a header. */
const isEncrypted = (pem: Buffer): boolean => /BEGIN ENCRYPTED PRIVATE KEY|Proc-Type: 4,ENCRYPTED/.test(String(pem));

const usable = (pem: Pem, certificate: X509Certificate, privateKey: KeyObject): Either<string, Pem> => {
  if (!certificate.checkPrivateKey(privateKey)) return left('the private key does not belong to the certificate');
  return tryCatch(
    () => {
      createSecureContext(pem);
      return pem;
    },
    (error) => `TLS refuses the certificate or the private key: ${opensslReason(error)}`,
  );
};

/** The last words of a message of OpenSSL, such as `ee key too small`. */
const opensslReason = (error: unknown): string =>
  error instanceof Error && 'reason' in error ? String(error.reason) : reasonOf(error);

const about =
  (file: string) =>
  <A>(found: Either<string, A>): Checked<A> =>
    pipe(
      found,
      mapLeft((fault) => of(`--tls ${file}: ${fault}`)),
    );
