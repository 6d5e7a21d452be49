import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const EXTENSION = '.rb';

/** The rulebases that come with the engine, by name. They are few and small: read once, and never by a name that a client gives. */
export function readShipped(): ReadonlyMap<string, string> {
  const directory = new URL('./', import.meta.resolve('@meniscus/lognorm/rulebases/apache.rb'));
  const files = readdirSync(fileURLToPath(directory)).filter((file) => file.endsWith(EXTENSION));
  return new Map(files.map((file) => [file.slice(0, -EXTENSION.length), readFileSync(new URL(file, directory), 'utf8')]));
}
