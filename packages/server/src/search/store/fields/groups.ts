import type { Block } from '../../../store/block.ts';
import type { Selection } from '../evaluate/mask.ts';
import type { FieldSource } from './field-source.ts';
import { RowValues, ValueIds } from './value-ids.ts';

const GROUP_BYTES = 120;
/** Pairs below these make keys that are small integers, with which maps are several times faster. */
const SMALL_GROUPS = 0x8000;
const SMALL_IDS = 0x7ffe;
const STRIDE = 0x800_0000;

/** Numbers the pairs of a group and a value. */
class Pairs {
  private readonly small = new Map<number, number>();
  private readonly large = new Map<number, number>();
  readonly parents: number[] = [];
  readonly values: number[] = [];

  /** The number of the pair, -1 when it is new and `refuse`. */
  number(parent: number, value: number, refuse: () => boolean): number {
    const isSmall = parent < SMALL_GROUPS && value < SMALL_IDS;
    const map = isSmall ? this.small : this.large;
    const key = isSmall ? parent * SMALL_GROUPS + value + 1 : parent * STRIDE + value + 1;
    const known = map.get(key);
    if (known !== undefined) return known;
    if (refuse()) return -1;
    map.set(key, this.parents.length);
    this.values.push(value);
    return this.parents.push(parent) - 1;
  }
}

/** The groups of events by the values of several fields. An event with several values of a field is in the group of its first. */
export class Groups {
  /** Group of rows for which there was no memory; rows that are not selected have this too. */
  static readonly NONE = -1;
  private readonly rowValues: readonly RowValues[];
  private readonly ids: readonly ValueIds[];
  private readonly pairs: readonly Pairs[];
  private room: number;

  /** `bytes`: memory for groups and values; what does not fit is in no group. */
  constructor(sources: readonly FieldSource[], bytes: number) {
    this.room = bytes / 2;
    this.ids = sources.map(() => new ValueIds(bytes / 2 / sources.length, 0));
    this.rowValues = sources.map((source, i) => new RowValues(source, this.ids[i]!));
    this.pairs = sources.map(() => new Pairs());
  }

  /** How many fields make a group. */
  get fields(): number {
    return this.pairs.length;
  }

  get count(): number {
    return this.pairs.length === 0 ? 1 : this.pairs.at(-1)!.parents.length;
  }

  /** The group of each selected row. */
  of(block: Block, rows: Selection): Int32Array {
    let groups: Int32Array = new Int32Array(block.rows);
    if (rows !== true) for (let row = 0; row < groups.length; row++) if (rows === false || rows[row] === 0) groups[row] = Groups.NONE;
    for (const [level, values] of this.rowValues.entries()) groups = this.refine(groups, values.of(block, rows), this.pairs[level]!);
    return groups;
  }

  private refine(groups: Int32Array, values: Int32Array, pairs: Pairs): Int32Array {
    const refuse = (): boolean => {
      if (this.room < GROUP_BYTES) return true;
      this.room -= GROUP_BYTES;
      return false;
    };
    for (let row = 0; row < groups.length; row++) {
      const group = groups[row]!;
      if (group === Groups.NONE) continue;
      const value = values[row]!;
      groups[row] = value === ValueIds.REFUSED ? Groups.NONE : pairs.number(group, value, refuse);
    }
    return groups;
  }

  /** The value of each field in a group, null where it is absent. */
  values(group: number): (string | null)[] {
    const texts: (string | null)[] = [];
    let at = group;
    for (let level = this.pairs.length - 1; level >= 0; level--) {
      const value = this.pairs[level]!.values[at]!;
      texts.unshift(value === ValueIds.ABSENT ? null : this.ids[level]!.text(value));
      at = this.pairs[level]!.parents[at]!;
    }
    return texts;
  }
}
