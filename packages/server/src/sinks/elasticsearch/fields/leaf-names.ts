import { nameKey, objectNames, shortName, wordPrefix } from './names.ts';
import { kindTerm, type ValueKind } from './terms.ts';

/** Names remembered; when full they are forgotten, since making them again is cheap. */
const NAMES_MAX = 50_000;

/** A name as terms have it. `row`: the row that has noted it last. */
export interface SearchName {
  readonly key: string;
  row: number;
}

/** What is known of a leaf's name. */
export interface LeafName {
  readonly name: string;
  readonly full: SearchName & { readonly prefix: string };
  /** The second name of a leaf of normalized. */
  readonly short: (SearchName & { readonly prefix: string }) | undefined;
  /** What notes a value of each kind: the leaf's own name and its second one. */
  readonly kinds: Readonly<Record<ValueKind, readonly SearchName[]>>;
  /** The objects that the leaf is in, which exist with a value that is not empty. */
  readonly objects: readonly SearchName[];
}

/** Leaves' names, each made once. */
export class LeafNames {
  private leaves = new Map<string, LeafName>();
  private objects = new Map<string, SearchName>();

  get(name: string): LeafName {
    const known = this.leaves.get(name);
    if (known !== undefined) return known;
    if (this.leaves.size >= NAMES_MAX || this.objects.size >= NAMES_MAX) {
      this.leaves = new Map();
      this.objects = new Map();
    }
    const leaf = this.make(name);
    this.leaves.set(name, leaf);
    return leaf;
  }

  private make(name: string): LeafName {
    const short = shortName(name);
    const names = short === undefined ? [name] : [name, short];
    const ofKind = (kind: ValueKind): readonly SearchName[] => names.map((each) => this.shared(kindTerm(each, kind)));
    return {
      name,
      full: named(name),
      short: short === undefined ? undefined : named(short),
      kinds: { s: ofKind('s'), n: ofKind('n'), b: ofKind('b'), e: ofKind('e') },
      objects: names.flatMap(objectNames).map((each) => this.shared(nameKey(each))),
    };
  }

  /** One object a term, so that a row notes it once. */
  private shared(key: string): SearchName {
    let known = this.objects.get(key);
    if (known === undefined) {
      known = { key, row: 0 };
      this.objects.set(key, known);
    }
    return known;
  }
}

function named(name: string): SearchName & { readonly prefix: string } {
  return { key: nameKey(name), prefix: wordPrefix(name), row: 0 };
}
