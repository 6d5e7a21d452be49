import path from 'node:path';
import { temporaryDirectory, type Cleanup } from '@meniscus/testkit';
import { execute } from './service.ts';

/** A certificate for 127.0.0.1 and localhost that signs itself, and its key. */
export async function certificate(t: Cleanup): Promise<{ readonly cert: string; readonly key: string }> {
  const directory = temporaryDirectory(t);
  const [cert, key] = [path.join(directory, 'cert.pem'), path.join(directory, 'key.pem')];
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1';
  const args = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
    '-subj',
    '/CN=localhost',
    '-addext',
    names,
  ];
  await execute('openssl', [...args, '-keyout', key, '-out', cert]);
  return { cert, key };
}
