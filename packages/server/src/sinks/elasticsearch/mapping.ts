import { MappedNames, type MappedType, mappedField } from './fields/mapped-names.ts';

/** A node of a mapping, as far as it is read and written here. */
interface Field {
  readonly type?: string;
  readonly path?: string;
  readonly enabled?: boolean;
  readonly ignore_above?: number;
  readonly dynamic?: boolean | string;
  readonly properties?: Readonly<Record<string, Field>>;
}

export interface Mapping {
  readonly properties?: Readonly<Record<string, Field>>;
}

/** Body of `PUT _mapping`: an alias and its field for each name. */
export function mappingOf(names: Iterable<readonly [name: string, type: MappedType]>): Mapping {
  const [root, mapped] = [tree(), tree()];
  for (const [name, type] of names) {
    const field = mappedField(name, type);
    mapped.set(field, type === 'keyword' ? { type, ignore_above: 1_024 } : { type });
    const keys = name.split('.');
    let place = root;
    for (const key of keys.slice(0, -1)) {
      const next = place.get(key) ?? tree();
      place.set(key, next);
      place = next as Tree;
    }
    place.set(keys.at(-1)!, { type: 'alias', path: `search.mapped.${field}` });
  }
  const parts = Object.fromEntries(
    Array.from(root, ([part, names]) => [part, { type: 'object', enabled: false, properties: plain(names as Tree) }]),
  );
  const search = { dynamic: 'false', properties: { mapped: { type: 'object', dynamic: 'false', properties: plain(mapped) } } };
  return { properties: { ...parts, search } };
}

/** The names that an index maps. */
export function mappedNames(mapping: Mapping, max: number): MappedNames {
  const names = new MappedNames(max);
  for (const part of ['native', 'normalized']) names.add(aliases(part, own(mapping.properties, part)));
  return names;
}

function* aliases(name: string, field: Field | undefined): Generator<[string, MappedType]> {
  if (field?.type === 'alias') {
    const type = field.path?.startsWith('search.mapped.d_') === true ? 'double' : 'keyword';
    if (field.path === `search.mapped.${mappedField(name, type)}`) yield [name, type];
  }
  for (const [key, child] of Object.entries(field?.properties ?? {})) yield* aliases(`${name}.${key}`, child);
}

function own(properties: Mapping['properties'], name: string): Field | undefined {
  return properties !== undefined && Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/** Names are data, so they are no keys of ordinary objects until the end. */
interface Tree extends Map<string, Tree | Field> {}

function tree(): Tree {
  return new Map();
}

function plain(tree: Tree): Record<string, Field> {
  return Object.fromEntries(Array.from(tree, ([key, value]) => [key, value instanceof Map ? { properties: plain(value) } : value]));
}
