import { nameKey, objectNames, shortName, wordPrefix } from './names.ts';

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
  /** The names that exist with the leaf: its own, its second one, and those of the objects that it is in. */
  readonly present: readonly SearchName[];
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
    const objects = [...objectNames(name), ...(short === undefined ? [] : objectNames(short))];
    const shared = [name, ...(short === undefined ? [] : [short]), ...objects].map((each) => this.shared(each));
    return { name, full: named(name), short: short === undefined ? undefined : named(short), present: shared };
  }

  /** One object a name, so that a row notes it once. */
  private shared(name: string): SearchName {
    let known = this.objects.get(name);
    if (known === undefined) {
      known = { key: nameKey(name), row: 0 };
      this.objects.set(name, known);
    }
    return known;
  }
}

function named(name: string): SearchName & { readonly prefix: string } {
  return { key: nameKey(name), prefix: wordPrefix(name), row: 0 };
}
