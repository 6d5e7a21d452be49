import { wordPrefix } from './names.ts';

/** How the values of a name are mapped, decided by the first one seen. */
export type MappedType = 'double' | 'keyword';

/** A mapped name: its field below `search.mapped`, and the values of the row at hand. */
interface MappedName {
  readonly type: MappedType;
  readonly field: string;
  row: number;
  values: string;
}

const PREFIX: Readonly<Record<MappedType, string>> = { double: 'd_', keyword: 'k_' };
/** Elasticsearch refuses deeper mappings than 20, and the limit of a name's length differs. */
const DEPTH_MAX = 12;
const LENGTH_MAX = 256;

/** The field of a name below `search.mapped`. It depends on the name alone, so that two writers of one index agree. */
export function mappedField(name: string, type: MappedType): string {
  return PREFIX[type] + wordPrefix(name);
}

/**
 * The names of native and normalized that one index maps, at most `max`, and the values of one row after another for them. A name that comes new is noted as wanted; its values
 * are sent once it is mapped.
 */
export class MappedNames {
  readonly max: number;
  /** Names to be mapped. */
  readonly wanted = new Map<string, MappedType>();
  private readonly names = new Map<string, MappedName>();
  /** Names that objects have because a mapped name lies in them. */
  private readonly objects = new Set<string>();
  private row = 0;
  private readonly touched: MappedName[] = [];

  constructor(max: number) {
    this.max = max;
  }

  /** All names, mapped and wanted. */
  get size(): number {
    return this.names.size + this.wanted.size;
  }

  /** Notes that the index maps these. */
  add(names: Iterable<readonly [name: string, type: MappedType]>): void {
    for (const [name, type] of names) {
      this.wanted.delete(name);
      this.names.set(name, { type, field: mappedField(name, type), row: 0, values: '' });
      for (const object of parents(name)) this.objects.add(object);
    }
  }

  /** What is mapped, for the next index of the tenant. */
  entries(): [name: string, type: MappedType][] {
    return Array.from(this.names, ([name, { type }]) => [name, type]);
  }

  number(name: string, value: number): void {
    const mapped = this.find(name, 'double');
    if (mapped?.type === 'double' && Number.isFinite(value)) this.put(mapped, String(value));
    else if (mapped?.type === 'keyword') this.put(mapped, `"${value}"`);
  }

  /** `json` is the text as JSON, `value` what it reads as (NaN when it is no number). */
  text(name: string, json: string, value: number): void {
    const mapped = this.find(name, 'keyword');
    if (mapped?.type === 'keyword') this.put(mapped, json);
    else if (mapped?.type === 'double' && Number.isFinite(value)) this.put(mapped, String(value));
  }

  /** The values of the row as a member of an object: `,"mapped":{...}`, or nothing. The next row begins. */
  take(): string {
    this.row++;
    if (this.touched.length === 0) return '';
    let members = '';
    for (const { field, values } of this.touched) members += `${members === '' ? '' : ','}"${field}":[${values}]`;
    this.touched.length = 0;
    return `,"mapped":{${members}}`;
  }

  private put(mapped: MappedName, json: string): void {
    if (mapped.row === this.row && mapped.values !== '') mapped.values += `,${json}`;
    else {
      mapped.row = this.row;
      mapped.values = json;
      this.touched.push(mapped);
    }
  }

  private find(name: string, type: MappedType): MappedName | undefined {
    const mapped = this.names.get(name);
    if (mapped === undefined && this.size < this.max && !this.wanted.has(name) && this.isMappable(name)) this.wanted.set(name, type);
    return mapped;
  }

  /** A name that no server takes for another, and that no mapped name lies in or above. */
  private isMappable(name: string): boolean {
    if (name.length > LENGTH_MAX || !/^[\w@-]+(\.[\w@-]+)+$/.test(name) || this.objects.has(name)) return false;
    const above = parents(name);
    if (above.length > DEPTH_MAX || above.some((object) => this.names.has(object) || this.wanted.has(object))) return false;
    for (const other of this.wanted.keys()) if (other.startsWith(`${name}.`)) return false;
    return true;
  }
}

function parents(name: string): string[] {
  const found: string[] = [];
  for (let dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) found.push(name.slice(0, dot));
  return found;
}
