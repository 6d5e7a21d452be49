import { readFile } from 'node:fs/promises';
import { filePath, flag, matching, ValueFault } from '../config/kinds.ts';
import { unreadable } from './secret-file.ts';
import type { SettingsTable } from './writer.ts';

export interface TlsSettings {
  readonly ca_file?: string;
  readonly cert_file?: string;
  readonly key_file?: string;
  readonly server_name?: string;
  readonly verify_certificate: boolean;
}

/** What a sink that speaks TLS takes for it. */
export const tlsSettings: SettingsTable<TlsSettings> = {
  ca_file: { kind: filePath, optional: true, text: 'Certificates (PEM) of the authorities to trust. Left out: those that Node.js trusts.' },
  cert_file: { kind: filePath, optional: true, text: "The sink's own certificate (PEM), for servers that ask for one; with `key_file`." },
  key_file: { kind: filePath, optional: true, text: 'The private key (PEM) of `cert_file`.' },
  server_name: {
    kind: matching('NAME', /^[A-Za-z0-9._-]{1,253}$/, "a server's name"),
    optional: true,
    text: "The name that the server's certificate must have. Left out: the name it is reached by.",
  },
  verify_certificate: {
    kind: flag,
    default: true,
    text: 'Whether the certificate of the server is checked. Off, anybody can pretend to be it.',
  },
};

/** Throws ValueFault for half a key pair. */
export function checkTls({ cert_file, key_file }: TlsSettings): void {
  if ((cert_file === undefined) !== (key_file === undefined)) throw new ValueFault('needs cert_file and key_file together');
}

/** Throws ValueFault where something is set and nothing speaks TLS; `needed` is what would. */
export function checkNoTls(settings: TlsSettings, needed: string): void {
  const given = (Object.keys(tlsSettings) as (keyof TlsSettings)[]).find((key) => settings[key] !== tlsSettings[key].default);
  if (given !== undefined) throw new ValueFault(`has ${given}, which is for ${needed}`);
}

/** The same for addresses of the web. */
export function checkWebTls(settings: TlsSettings & { readonly url: readonly string[] }): void {
  checkTls(settings);
  if (!settings.url.some((url) => url.startsWith('https:'))) checkNoTls(settings, 'a url that begins with https:');
}

/** As `node:tls` takes them. */
export interface TlsMaterial {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

/** Reads the files; again with each connection, since certificates are renewed. */
export async function readTls(settings: TlsSettings): Promise<TlsMaterial> {
  const read = async (path: string): Promise<Buffer> => readFile(path).catch((error: unknown) => unreadable(path, error));
  const { ca_file, cert_file, key_file, server_name, verify_certificate: verify } = settings;
  return {
    ...(ca_file === undefined ? {} : { ca: await read(ca_file) }),
    ...(cert_file === undefined ? {} : { cert: await read(cert_file) }),
    ...(key_file === undefined ? {} : { key: await read(key_file) }),
    ...(server_name === undefined ? {} : { servername: server_name }),
    ...(verify ? {} : { rejectUnauthorized: false }),
  };
}
