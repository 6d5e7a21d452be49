import { parseEventId, type EventOrigin } from '../../../event/event-id.ts';
import type { Producer } from '../../../event/event.ts';
import { timeOfText } from '../../../event/time.ts';
import { parseExactly } from '../../../pipeline/decode/json/parse.ts';

/** A document (interface.md section 7) as it is found in `_source`. */
export interface Document {
  readonly time: string;
  readonly host?: string;
  readonly pname?: string;
  readonly pid?: string;
  readonly msgid?: string;
  readonly ver?: string;
  readonly msg?: string;
  readonly severity?: number;
  readonly facility?: number;
  readonly native?: object | null;
  readonly normalized?: object | null;
  readonly meniscus: {
    readonly id: string;
    readonly received: string;
    readonly time_source?: string;
    readonly correlation?: {
      readonly ep_id?: number | null;
      readonly ep_name?: string | null;
      readonly pattern?: string;
      readonly durable?: boolean;
      readonly encrypted?: boolean;
      readonly sinks?: readonly string[];
    };
  };
}

/** An event of the index: its document and what that says in the store's terms. */
export interface FoundEvent {
  readonly document: Document;
  readonly origin: EventOrigin;
  /** Microseconds. */
  readonly time: number;
  readonly received: number;
}

/** Undefined: not a document that a sink of this service wrote. */
export function readDocument(source: unknown): FoundEvent | undefined {
  const document = source as Partial<Document> | null | undefined;
  const id = document?.meniscus?.id;
  const origin = typeof id === 'string' ? parseEventId(id) : undefined;
  const time = timeOf(document?.time);
  const received = timeOf(document?.meniscus?.received);
  if (origin === undefined || time === undefined || received === undefined) return undefined;
  return { document: document as Document, origin, time, received };
}

function timeOf(text: unknown): number | undefined {
  return typeof text === 'string' ? timeOfText(text) : undefined;
}

/** The producer as events of the API have it. */
export function producerOf({ meniscus: { correlation = {} } }: Document): Producer {
  const { ep_id, ep_name, pattern, durable, encrypted, sinks } = correlation;
  return {
    id: ep_id ?? null,
    name: ep_name ?? null,
    pattern: pattern ?? 'default',
    durable: durable ?? false,
    encrypted: encrypted ?? false,
    sinks: sinks ?? [],
  };
}

/** A number that a double may not hold: above 9e15, or with an exponent of three digits. */
const LARGE_NUMBER = /[[:,\s]-?(?:9\d{15}|\d{17}|\d[\d.]*[eE]\+?\d{3})/;

/** JSON of the server to values, numbers that a double cannot hold as they are kept as texts. */
export function parseAnswer(text: string): unknown {
  return LARGE_NUMBER.test(text) ? parseExactly(text) : (JSON.parse(text) as unknown);
}
