import type { Answer } from './client.ts';
import { jsonOf } from './words.ts';

/** What a cluster is. */
export interface Product {
  readonly name: 'Elasticsearch' | 'OpenSearch';
  readonly version: string;
}

interface Root {
  readonly tagline?: unknown;
  readonly version?: { readonly number?: unknown; readonly distribution?: unknown };
}

/** The oldest of each with index templates of today's form. */
const OLDEST = { Elasticsearch: [7, 8], OpenSearch: [1, 0] } as const;

/** Reads the answer of `GET /`. Throws when it comes from something else, or from too old a version. */
export function productOf(answer: Answer): Product {
  if (answer.status === 401 || answer.status === 403) jsonOf('cannot sign in', answer);
  const root = jsonOf('cannot ask which server it is', answer) as Root;
  const version = root.version?.number;
  const name = root.version?.distribution === 'opensearch' ? 'OpenSearch' : 'Elasticsearch';
  const known = name === 'OpenSearch' || root.tagline === 'You Know, for Search';
  if (typeof version !== 'string' || !known) throw new Error(`${answer.url} is neither Elasticsearch nor OpenSearch`);
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldest, oldestMinor] = OLDEST[name];
  if (major < oldest || (major === oldest && minor < oldestMinor))
    throw new Error(`${answer.url} is ${name} ${version}: it takes ${name} ${oldest}.${oldestMinor} or newer`);
  return { name, version };
}
