import { MongoServerError, type Collection, type CreateIndexesOptions } from 'mongodb';

const NAMESPACE_NOT_FOUND = 26;

export interface Index {
  readonly key: Readonly<Record<string, 1>>;
  readonly options?: CreateIndexesOptions;
}

/** Makes an index unless there is one with the same fields, under whatever name. Only what is missing is asked for, one at a time: not every server answers to more. */
export async function ensureIndex(collection: Collection, { key, options = {} }: Index): Promise<void> {
  const wanted = JSON.stringify(key);
  if ((await keysOf(collection)).includes(wanted)) return;
  await collection.createIndex({ ...key }, options);
}

/** Whether another value than the id must be unique. */
export async function hasUniqueIndex(collection: Collection): Promise<boolean> {
  return (await collection.indexes()).some(({ key, unique }) => unique === true && !('_id' in key && Object.keys(key).length === 1));
}

async function keysOf(collection: Collection): Promise<readonly string[]> {
  try {
    // Numbers may come as they are kept: 1 or 1.0.
    return (await collection.indexes()).map(({ key }) =>
      JSON.stringify(key, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)),
    );
  } catch (error) {
    if (error instanceof MongoServerError && error.code === NAMESPACE_NOT_FOUND) return [];
    throw error;
  }
}
