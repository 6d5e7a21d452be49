/** Where rulebase text comes from: the main file or text, and the files it includes. */
import { closeSync, openSync, readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { byteString, encodeText } from '../bytes.ts';
import { LIMITS } from '../limits.ts';

/** The name of rules that come from no file. */
export const NO_FILE = '--NO-FILE--';
/** The first line that makes a file a v2 rulebase; anything else is v1. */
export const VERSION_LINE = 'version=2\n';

/** Reads an included file; `undefined` when there is no such file. */
export type FileReader = (name: string) => string | Uint8Array | undefined;

/**
 * Reads from the file system, relative to the working directory; a relative name that is not there is looked for under the directory of
 * the environment variable LIBLOGNORM_RULEBASES.
 */
export function fileSystemReader(name: string): Uint8Array | undefined {
  const direct = readIfPresent(name);
  const directory = process.env['LIBLOGNORM_RULEBASES'];
  if (direct !== undefined || isAbsolute(name) || directory === undefined) return direct;
  return readIfPresent(`${directory.replace(/\/$/, '')}/${name}`);
}

function readIfPresent(name: string): Uint8Array | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(name, 'r');
  } catch {
    return undefined;
  }
  try {
    return readFileSync(descriptor);
  } catch {
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

/** No file at all: for rulebases whose authors must not read this machine's files. */
export function noFiles(): undefined {
  return undefined;
}

/** The content of a file as a byte string; `undefined` when it is missing or larger than the limit. */
export function readSource(reader: FileReader, name: string): string | undefined {
  const content = reader(name);
  if (content === undefined) return undefined;
  const text = typeof content === 'string' ? encodeText(content) : byteString(content);
  return text.length > LIMITS.rulebaseBytes ? undefined : text;
}
