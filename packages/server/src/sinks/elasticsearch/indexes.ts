import type { SinkBatch, SinkTenant } from '../writer.ts';
import type { ClusterClient } from './client.ts';
import { MappedNames } from './fields/mapped-names.ts';
import { aliasOf, indexOf, inPath } from './index-names.ts';
import { type Mapping, mappedNames, mappingOf } from './mapping.ts';
import { errorOf, errorWords, failure, jsonOf } from './words.ts';

/** Indexes remembered; when there are more, all are asked for again. */
const INDEXES_MAX = 10_000;
/** After an index has refused a mapping: so long no more names. */
const REST_MS = 600_000;

/** An index that is there and in its tenant's alias. */
export interface TenantIndex {
  readonly name: string;
  readonly mapped: MappedNames;
}

export interface IndexesParts {
  readonly client: ClusterClient;
  readonly prefix: string;
  readonly mappedFieldsMax: number;
  readonly warn: (text: string) => void;
}

/** The day indexes that events go to, made as they are needed, and what each maps. */
export class Indexes {
  private readonly parts: IndexesParts;
  private known = new Map<string, TenantIndex>();
  /** The last index of each alias: its names are mapped in the next one from the beginning. */
  private latest = new Map<string, MappedNames>();
  private restUntil = new Map<string, number>();

  constructor(parts: IndexesParts) {
    this.parts = parts;
  }

  /** What is there is looked at again: somebody else may have deleted it. */
  forget(): void {
    this.known.clear();
  }

  /** Also what fields tenants have. */
  forgetAll(): void {
    this.forget();
    this.latest.clear();
    this.restUntil.clear();
  }

  /** The index of each row. */
  async of(batch: SinkBatch, signal: AbortSignal): Promise<TenantIndex[]> {
    if (this.known.size > INDEXES_MAX) this.forgetAll();
    const found: TenantIndex[] = [];
    let [tenant, day, index]: [SinkTenant?, string?, TenantIndex?] = [];
    for (let row = 0; row < batch.rows; row++) {
      if (index === undefined || batch.tenant(row) !== tenant || batch.day(row) !== day) {
        tenant = batch.tenant(row);
        day = batch.day(row);
        index = await this.get(tenant, day, signal);
      }
      found.push(index);
    }
    return found;
  }

  private async get(tenant: SinkTenant, day: string, signal: AbortSignal): Promise<TenantIndex> {
    const alias = aliasOf(this.parts.prefix, tenant.id);
    const name = indexOf(alias, day);
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const index = { name, mapped: await this.make(name, alias, signal) };
    this.known.set(name, index);
    this.latest.set(alias, index.mapped);
    return index;
  }

  /** Makes an index in its alias, or finds out what the one that is there maps. */
  private async make(name: string, alias: string, signal: AbortSignal): Promise<MappedNames> {
    const { client, mappedFieldsMax } = this.parts;
    const body = JSON.stringify({ aliases: { [alias]: {} } });
    const made = await client.call({ method: 'PUT', path: `/${inPath(name)}`, body }, signal);
    if (made.status >= 300) {
      if (errorOf(made).type !== 'resource_already_exists_exception') throw failure(`cannot make the index ${name}`, made);
      return this.look(name, alias, signal);
    }
    const mapped = new MappedNames(mappedFieldsMax);
    const before = this.latest.get(alias)?.entries().slice(0, mappedFieldsMax) ?? [];
    for (const [each, type] of before) mapped.wanted.set(each, type);
    await this.map({ name, mapped }, signal);
    return mapped;
  }

  private async look(name: string, alias: string, signal: AbortSignal): Promise<MappedNames> {
    const { client, mappedFieldsMax } = this.parts;
    const action = `cannot read the index ${name}`;
    const answer = await client.call({ method: 'GET', path: `/${inPath(name)}` }, signal);
    const all = jsonOf(action, answer) as Record<string, { aliases?: object; mappings?: Mapping }>;
    const found = Object.hasOwn(all, name) ? all[name] : undefined;
    if (found === undefined) throw new Error(`${action}: it is an alias`);
    if (!Object.hasOwn(found.aliases ?? {}, alias)) {
      const added = await client.call({ method: 'PUT', path: `/${inPath(name)}/_alias/${inPath(alias)}` }, signal);
      jsonOf(`cannot put the index ${name} into the alias ${alias}`, added);
    }
    return mappedNames(found.mappings ?? {}, mappedFieldsMax);
  }

  /**
   * Maps the names that rows of the index have wanted; true when there are new ones, so that rows made before can be made again with them. An index that takes no mapping
   * takes events nevertheless.
   */
  async map(index: TenantIndex, signal: AbortSignal): Promise<boolean> {
    const { mapped, name } = index;
    const wanted = [...mapped.wanted];
    if (wanted.length === 0) return false;
    mapped.wanted.clear();
    if ((this.restUntil.get(name) ?? 0) > Date.now()) return false;
    const body = JSON.stringify(mappingOf(wanted));
    const answer = await this.parts.client.call({ method: 'PUT', path: `/${inPath(name)}/_mapping`, body }, signal);
    if (answer.status < 300) {
      mapped.add(wanted);
      return true;
    }
    this.restUntil.set(name, Date.now() + REST_MS);
    this.parts.warn(`the index ${name} maps no more names of fields for now: ${errorWords(errorOf(answer))}`);
    return false;
  }
}
