import { parseEventId } from '../../event/event-id.ts';
import { timeOfText } from '../../event/time.ts';
import type { LeafOf, SinkBatch, SinkTenant } from '../writer.ts';
import { placeOfId } from './place.ts';
import { plainValue, setMember } from './skeleton.ts';

/** A document that a dead letter kept. */
export interface KeptDocument {
  readonly tenant: SinkTenant;
  readonly text: string;
}

interface Parsed extends KeptDocument {
  readonly id: string;
  readonly receivedText: string;
  readonly received: number;
}

/** Numbers whose text a double does not give back stay `{ text }`. */
class LargeNumber {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

function exactNumber(_key: string, value: unknown, context: { readonly source?: string }): unknown {
  const { source } = context;
  if (typeof value !== 'number' || source === undefined || String(value) === source) return value;
  return Number.isSafeInteger(value) || (Number.isFinite(value) && !/^-?\d+$/.test(source)) ? value : new LargeNumber(source);
}

function parseExact(text: string): Record<string, unknown> {
  return (JSON.parse as (text: string, reviver: typeof exactNumber) => Record<string, unknown>)(text, exactNumber);
}

function plain(value: unknown): unknown {
  if (value instanceof LargeNumber) return plainValue(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const object: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) setMember(object, key, plain(member));
  return object;
}

function walk(value: unknown, name: string, visit: (name: string, value: LeafOf) => void): void {
  if (Array.isArray(value)) for (const element of value) walk(element, name, visit);
  else if (typeof value === 'object' && value !== null && !(value instanceof LargeNumber))
    for (const [key, member] of Object.entries(value)) walk(member, `${name}.${key}`, visit);
  else visit(name, value as LeafOf);
}

/** Events of dead letters, to be written again. */
export class KeptDocuments implements SinkBatch {
  private readonly documents: readonly Parsed[];

  constructor(documents: readonly Parsed[]) {
    this.documents = documents;
  }

  /** Throws SyntaxError when a text is not a document. */
  static of(documents: readonly KeptDocument[]): KeptDocuments {
    return new KeptDocuments(documents.map(parsed));
  }

  get rows(): number {
    return this.documents.length;
  }

  id(row: number): string {
    return this.documents[row]!.id;
  }

  tenant(row: number): SinkTenant {
    return this.documents[row]!.tenant;
  }

  received(row: number): number {
    return this.documents[row]!.received;
  }

  day(row: number): string {
    return this.documents[row]!.receivedText.slice(0, 10);
  }

  position(row: number): number {
    return placeOfId(this.documents[row]!.id);
  }

  document(row: number): string {
    return this.documents[row]!.text;
  }

  object(row: number): Record<string, unknown> {
    return plain(parseExact(this.documents[row]!.text)) as Record<string, unknown>;
  }

  leaves(row: number, visit: (name: string, value: LeafOf) => void): void {
    const document = parseExact(this.documents[row]!.text);
    for (const part of ['native', 'normalized']) if (document[part] !== undefined) walk(document[part], part, visit);
  }

  select(rows: readonly number[]): KeptDocuments {
    return new KeptDocuments(rows.map((row) => this.documents[row]!));
  }
}

function parsed(document: KeptDocument): Parsed {
  const { meniscus } = JSON.parse(document.text) as { readonly meniscus?: { readonly id?: unknown; readonly received?: unknown } };
  const id = String(meniscus?.id);
  const receivedText = String(meniscus?.received);
  const received = timeOfText(receivedText);
  if (parseEventId(id) === undefined || received === undefined) throw new SyntaxError('not a document of an event');
  return { ...document, id, receivedText, received };
}
