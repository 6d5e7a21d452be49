/** What a rulebase is made of, read from its text: enough for a list of its tags and fields. */
export interface RulebaseDescription {
  /** The comment at its head. */
  readonly comment: string;
  /** The fields of the rules of each tag, first field first. */
  readonly tags: ReadonlyMap<string, ReadonlySet<string>>;
  /** All fields; true for those that are numbers. */
  readonly fields: ReadonlyMap<string, boolean>;
}

interface Part {
  readonly name: string;
  readonly type: string;
  readonly numeric: boolean;
}

/** `%name:type...%` and `%{"name":"x","type":"y"...}%`; a doubled percent sign is text. */
const FIELD = /%%|%(?:\{"name":"([^"]+)","type":"([^"]+)"([^%]*)\}|([\w.-]+):(@?[\w-]+)([^%]*))%/g;

function partsOf(description: string): Part[] {
  return [...description.matchAll(FIELD)]
    .filter(([whole]) => whole !== '%%')
    .map((match) => ({
      name: match[1] ?? match[4]!,
      type: match[2] ?? match[5]!,
      numeric: (match[3] ?? match[6]!).includes('"format":"number"'),
    }));
}

/** The text of the comment lines that follow the version line. */
function commentOf(lines: readonly string[]): string {
  const end = lines.findIndex((line, i) => i > 0 && !line.startsWith('#'));
  return lines
    .slice(1, end)
    .map((line) => line.slice(1).trim())
    .join(' ');
}

class Reader {
  readonly tags = new Map<string, Set<string>>();
  readonly fields = new Map<string, boolean>();
  private readonly types = new Map<string, string[]>();
  private prefix = '';

  line(line: string): void {
    const [, directive, value] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (directive === 'prefix') this.prefix = value!;
    if (directive !== 'type' && directive !== 'rule') return;
    const colon = value!.indexOf(':');
    const name = value!.slice(0, colon);
    const description = value!.slice(colon + 1);
    if (directive === 'type') this.types.set(name, [...(this.types.get(name) ?? []), description]);
    else this.rule(name, this.prefix + description);
  }

  private rule(tag: string, description: string): void {
    const names = this.tags.get(tag) ?? new Set<string>();
    this.tags.set(tag, names);
    this.add(names, description, new Set());
  }

  /** Adds the fields of a description, those of types that merge into it included. */
  private add(names: Set<string>, description: string, seen: Set<string>): void {
    for (const { name, type, numeric } of partsOf(description)) {
      if (name === '.' && !seen.has(type)) {
        seen.add(type);
        for (const alternative of this.types.get(type) ?? []) this.add(names, alternative, seen);
      }
      if (name === '.' || name === '-') continue;
      names.add(name);
      this.fields.set(name, numeric);
    }
  }
}

export function describeRulebase(text: string): RulebaseDescription {
  const lines = text.split('\n');
  const reader = new Reader();
  for (const line of lines) reader.line(line);
  return { comment: commentOf(lines), tags: reader.tags, fields: reader.fields };
}
