import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files with a fresh key and a certificate for localhost and the hosts below it. */
export interface Certificate {
  readonly keyFile: string;
  readonly certFile: string;
  /** Both in one, as some servers want it. */
  readonly bothFile: string;
  readonly pem: string;
}

export const selfSigned = (directory: string): Certificate => {
  const [keyFile, certFile, bothFile] = ['key.pem', 'cert.pem', 'both.pem'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,DNS:*.localhost', '-days', '2'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync('openssl', ['req', '-x509', ...curve, '-keyout', keyFile, '-out', certFile, ...subject], {
    stdio: 'ignore',
  });
  const pem = readFileSync(certFile, 'utf8');
  writeFileSync(bothFile, pem + readFileSync(keyFile, 'utf8'), { mode: 0o600 });
  return { keyFile, certFile, bothFile, pem };
};
