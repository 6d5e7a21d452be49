import { isAscii, readNumber } from '@meniscus/query';
import { timeOfText } from '../../../event/time.ts';
import type { LeafOf, SinkBatch } from '../../writer.ts';
import { headTexts } from './head.ts';
import { type LeafName, LeafNames, type SearchName } from './leaf-names.ts';
import type { MappedNames } from './mapped-names.ts';
import { TermMemo } from './term-memo.ts';
import { type ValueKind, VALUE_MAX } from './terms.ts';

const WORDS = /[\p{L}\p{Nd}_]+/gu;
const ASCII_WORDS = /\w+/g;
const ONE_WORD = /^\w{1,64}$/;
/** Only such a text can be an address. */
const ADDRESS = /^[0-9a-fA-F]{0,4}[.:][0-9a-fA-F.:]{1,44}$/;
const TIME_AT = '{"@timestamp":"'.length;
const TIME_LENGTH = '2026-11-23T10:00:00.123456Z'.length;
/** Longer texts are no values of mapped names. */
const QUOTE = 34;
const MAPPED_TEXT_MAX = 1_024;
const PRODUCER = '"ep_name":';

/**
 * Makes the index-only object `search` of documents as JSON text: what the fields in `fields.ts` hold. One per writer; what it knows of a name is made once. The arrays
 * of a row are gathered as texts, since this runs for every event.
 */
export class SearchObjects {
  private readonly names = new LeafNames();
  private readonly memo = new TermMemo();
  private mapped: MappedNames | undefined;
  /** The last row has a number that is an infinity as a double, as `1e400`: servers would make `"Infinity"` of it. */
  hasHuge = false;
  private row = 0;
  private text = '';
  private scalars = '';
  private words = '';
  private numbers = '';
  private addresses = '';
  private present = '';
  private long = '';
  private readonly leaf = (name: string, value: LeafOf): void => this.visit(this.names.get(name), value);
  private readonly head = (name: string, text: string): void => this.readable(this.names.get(name).full, undefined, text, readNumber(text));
  private readonly longHead = (name: string): void => {
    this.long = more(this.long, `"${name}"`);
  };

  private readonly emptyMsg = (): void => {
    this.present = more(this.present, '"msg=e"');
  };

  /** The object of a row, whose document is given. `mapped`: the names that its index maps; new ones are noted there. */
  json(batch: SinkBatch, row: number, document: string, mapped: MappedNames): string {
    this.row++;
    this.hasHuge = false;
    this.mapped = mapped;
    this.text = this.scalars = this.words = this.numbers = this.addresses = this.present = this.long = '';
    batch.leaves(row, this.leaf);
    headTexts(document, VALUE_MAX, this.head, this.longHead, this.emptyMsg);
    this.producer(document);
    const time = timeOfText(document.slice(TIME_AT, TIME_AT + TIME_LENGTH));
    let json = `{"tenant":${batch.tenant(row).number},"received":${batch.received(row)}`;
    if (time !== undefined) json += `,"time":${time}`;
    json += list('text', this.text) + list('scalars', this.scalars) + list('words', this.words) + list('numbers', this.numbers);
    json += list('addresses', this.addresses) + list('names', this.present) + list('long', this.long);
    return `${json}${mapped.take()}}`;
  }

  private visit(leaf: LeafName, value: LeafOf): void {
    if (value === null) return;
    this.note(leaf.kinds[kindOf(value)]);
    if (value !== '') this.note(leaf.objects);
    if (typeof value === 'string') this.string(leaf, value);
    else if (typeof value === 'number') this.number(leaf, value, String(value));
    else if (typeof value === 'boolean') {
      this.scalar(leaf, String(value));
      this.mapped!.text(leaf.name, `"${value}"`, NaN);
    } else this.number(leaf, Number(value.text), value.text);
  }

  private note(names: readonly SearchName[]): void {
    for (const name of names) {
      if (name.row === this.row) continue;
      name.row = this.row;
      this.present = more(this.present, `"${name.key}"`);
    }
  }

  private string({ name, full, short }: LeafName, value: string): void {
    const json = JSON.stringify(value);
    const rest = json.slice(1);
    this.text = more(this.text, `"${full.key}=${rest}`);
    if (short !== undefined) this.scalars = more(this.scalars, `"${short.key}=${rest}`);
    if (value.length > VALUE_MAX) {
      this.long = more(this.long, `"${full.key}"`);
      if (short !== undefined) this.long = more(this.long, `"${short.key}"`);
    }
    this.fieldWords(full, short, value);
    const number = readNumber(value);
    this.readable(full, short, value, number);
    if (value.length <= MAPPED_TEXT_MAX) this.mapped!.text(name, json, number);
  }

  private fieldWords(full: LeafName['full'], short: LeafName['short'], value: string): void {
    if (ONE_WORD.test(value)) {
      this.words = more(this.words, `"${full.prefix}${value}"`);
      if (short !== undefined) this.words = more(this.words, `"${short.prefix}${value}"`);
      return;
    }
    const words = value.match(isAscii(value) ? ASCII_WORDS : WORDS);
    if (words === null) return;
    this.words = more(this.words, `"${full.prefix}${words.join(` ${full.prefix}`)}"`);
    if (short !== undefined) this.words = more(this.words, `"${short.prefix}${words.join(` ${short.prefix}`)}"`);
  }

  private number(leaf: LeafName, value: number, text: string): void {
    if (!Number.isFinite(value)) this.hasHuge = true;
    this.scalar(leaf, text);
    this.comparable(leaf.full, leaf.short, value);
    this.mapped!.number(leaf.name, value);
  }

  private scalar({ full, short }: LeafName, text: string): void {
    this.scalars = more(this.scalars, `"${full.key}=${text}"`);
    if (short !== undefined) this.scalars = more(this.scalars, `"${short.key}=${text}"`);
  }

  /** What a text reads as: a number or an address. */
  private readable(full: SearchName, short: SearchName | undefined, text: string, number: number): void {
    if (!Number.isNaN(number)) return this.comparable(full, short, number);
    const term = ADDRESS.test(text) ? this.memo.address(text) : undefined;
    if (term === undefined) return;
    this.addresses = more(this.addresses, `"${full.key}=${term}"`);
    if (short !== undefined) this.addresses = more(this.addresses, `"${short.key}=${term}"`);
  }

  private comparable(full: SearchName, short: SearchName | undefined, value: number): void {
    const term = this.memo.number(value);
    this.numbers = more(this.numbers, `"${full.key}=${term}"`);
    if (short !== undefined) this.numbers = more(this.numbers, `"${short.key}=${term}"`);
  }

  /** The producer's name comes near the end of a document, after everything that a sender could have written. */
  private producer(document: string): void {
    const at = document.lastIndexOf(PRODUCER);
    if (at === -1) return;
    const from = at + PRODUCER.length + 1;
    if (document.charCodeAt(from - 1) !== QUOTE) return;
    this.head('producer', document.slice(from, document.indexOf('"', from)));
  }
}

function kindOf(value: Exclude<LeafOf, null>): ValueKind {
  if (typeof value === 'string') return value === '' ? 'e' : 's';
  return typeof value === 'boolean' ? 'b' : 'n';
}

function list(name: string, elements: string): string {
  return elements === '' ? '' : `,"${name}":[${elements}]`;
}

function more(elements: string, element: string): string {
  return elements === '' ? element : `${elements},${element}`;
}
