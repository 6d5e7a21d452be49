/** One event as a sink has it. */
export interface Kept {
  readonly id: string;
  /** Who sent it: the events of one sender are in order. */
  readonly sender: string;
  /** Counts the sender's events. */
  readonly number: number;
}

/** What a document says of its event. */
export interface Document {
  readonly msg: string;
  readonly pname: string;
  readonly meniscus: { readonly id: string };
}

export function keptOf(document: Document): Kept {
  const [word, number] = document.msg.split(' ');
  if (word !== 'numbered') throw new Error(`an event that nobody sent: ${document.msg}`);
  return { id: document.meniscus.id, sender: document.pname, number: Number(number) };
}

export function keptOfLines(text: string): Kept[] {
  if (text === '') return [];
  if (!text.endsWith('\n')) throw new Error('a file ends within a line');
  const lines = text.slice(0, -1).split('\n');
  return lines.map((line) => keptOf(JSON.parse(line) as Document));
}

/** Numbers by their senders. */
export class Sent {
  private readonly bySender = new Map<string, Set<number>>();

  get size(): number {
    let size = 0;
    for (const numbers of this.bySender.values()) size += numbers.size;
    return size;
  }

  add(sender: string, number: number): void {
    const numbers = this.bySender.get(sender);
    if (numbers === undefined) this.bySender.set(sender, new Set([number]));
    else numbers.add(number);
  }

  has({ sender, number }: Pick<Kept, 'sender' | 'number'>): boolean {
    return this.bySender.get(sender)?.has(number) ?? false;
  }

  /** Those that are not in `kept`, as texts. */
  without(kept: Iterable<Kept>): string[] {
    const found = new Sent();
    for (const { sender, number } of kept) found.add(sender, number);
    const missing: string[] = [];
    for (const [sender, numbers] of this.bySender)
      for (const number of numbers) if (!found.has({ sender, number })) missing.push(`${sender} ${number}`);
    return missing;
  }
}

/** What is there more than once: by id, and by what was sent. */
export function doubled(kept: readonly Kept[]): string[] {
  const seen = new Set<string>();
  const again: string[] = [];
  for (const { id, sender, number } of kept) {
    for (const key of [id, `${sender} ${number}`]) {
      if (seen.has(key)) again.push(key);
      seen.add(key);
    }
  }
  return again;
}

/** The events that come before an earlier one of their sender; the first time of each counts. */
export function disordered(kept: readonly Kept[]): string[] {
  const last = new Map<string, number>();
  const seen = new Set<string>();
  const wrong: string[] = [];
  for (const { id, sender, number } of kept) {
    if (seen.has(id)) continue;
    seen.add(id);
    if (number < (last.get(sender) ?? -1)) wrong.push(`${sender} ${number}`);
    last.set(sender, number);
  }
  return wrong;
}
