import type { CodeSet, Node } from './ast.ts';
import { readBracket } from './bracket.ts';
import { ANY, NOT_NEWLINE } from './code-set.ts';
import { readClassEscape, readEscape } from './escape.ts';
import type { Flags } from './group.ts';
import { readGroupStart } from './group.ts';
import { checkRepeats, MAX_REPEAT, readRepeat } from './repeat.ts';
import { foldCase } from './properties.ts';
import { Reader } from './reader.ts';
import { simplify } from './simplify.ts';

const MAX_DEPTH = 1000;

/**
 * Parses an expression as RE2 does (its Perl syntax, Perl classes ASCII only).
 *
 * @throws RegexSyntaxError for everything RE2 refuses: look-around, back references, possessive and stacked repetition, atomic groups,
 * repetition above 1,000, `\C`
 */
export function parseRegex(source: string, ignoreCase: boolean): Node {
  return new Parser(source).parse({ ignoreCase, multiline: false, dotAll: false, ungreedy: false });
}

class Parser {
  readonly #reader: Reader;
  readonly #names = new Set<string>();
  #depth = 0;

  constructor(source: string) {
    this.#reader = new Reader(source);
  }

  parse(flags: Flags): Node {
    const node = this.#choice(flags);
    if (!this.#reader.atEnd) this.#reader.fail('a parenthesis is closed that was not opened');
    checkRepeats(node, MAX_REPEAT);
    return simplify(node);
  }

  /** Alternatives up to `)` or the end. Flags set inside hold to the end of the group, over bars too. */
  #choice(flags: Flags): Node {
    const items: Node[] = [];
    const scope = { flags };
    do {
      items.push(this.#sequence(scope));
    } while (this.#reader.take('|'));
    return items.length === 1 ? items[0]! : { kind: 'choice', items };
  }

  #sequence(scope: { flags: Flags }): Node {
    const reader = this.#reader;
    const items: Node[] = [];
    let repeated = false;
    while (!reader.atEnd && reader.peek() !== '|' && reader.peek() !== ')') {
      const repeat = readRepeat(reader, scope.flags.ungreedy);
      if (repeat === undefined) {
        items.push(...this.#atom(scope));
        repeated = false;
        continue;
      }
      const item = items.pop();
      if (item === undefined) return reader.fail('there is nothing to repeat');
      if (repeated) return reader.fail('a repetition cannot be repeated without a group');
      items.push({ kind: 'repeat', item, ...repeat });
      repeated = true;
    }
    if (items.length === 1) return items[0]!;
    return items.length === 0 ? { kind: 'empty' } : { kind: 'sequence', items };
  }

  /** One thing that can be repeated; none for a change of flags, many for `\Q...\E`. */
  #atom(scope: { flags: Flags }): Node[] {
    const reader = this.#reader;
    const { flags } = scope;
    if (reader.peek() === '(') return this.#group(scope);
    if (reader.peek() === '[') return [setNode(readBracket(reader, flags.ignoreCase))];
    if (reader.peek() === '\\') return this.#escape(flags);
    const char = reader.next();
    if (char === '.') return [setNode(flags.dotAll ? ANY : NOT_NEWLINE)];
    if (char === '^') return [{ kind: 'assert', what: flags.multiline ? 'lineStart' : 'textStart' }];
    if (char === '$') return [{ kind: 'assert', what: flags.multiline ? 'lineEnd' : 'textEnd' }];
    return [literal(char.codePointAt(0)!, flags)];
  }

  #group(scope: { flags: Flags }): Node[] {
    const reader = this.#reader;
    const start = readGroupStart(reader, scope.flags, this.#names);
    if (start.kind === 'flags') {
      scope.flags = start.flags;
      return [];
    }
    this.#depth++;
    if (this.#depth > MAX_DEPTH) reader.fail(`groups nest at most ${MAX_DEPTH} deep`);
    const node = this.#choice(start.flags);
    if (!reader.take(')')) reader.fail('a parenthesis is not closed');
    this.#depth--;
    return [node];
  }

  #escape(flags: Flags): Node[] {
    const reader = this.#reader;
    if (reader.take('\\A')) return [{ kind: 'assert', what: 'textStart' }];
    if (reader.take('\\z')) return [{ kind: 'assert', what: 'textEnd' }];
    if (reader.take('\\b')) return [{ kind: 'assert', what: 'boundary' }];
    if (reader.take('\\B')) return [{ kind: 'assert', what: 'notBoundary' }];
    if (reader.take('\\Q')) return this.#quoted(flags);
    const set = readClassEscape(reader, flags.ignoreCase);
    return [set === undefined ? literal(readEscape(reader), flags) : setNode(set)];
  }

  /** Literal characters up to `\E` or the end. */
  #quoted(flags: Flags): Node[] {
    const nodes: Node[] = [];
    while (!this.#reader.atEnd && !this.#reader.take('\\E')) nodes.push(literal(this.#reader.next().codePointAt(0)!, flags));
    return nodes;
  }
}

function setNode(set: CodeSet): Node {
  return { kind: 'set', set };
}

function literal(code: number, flags: Flags): Node {
  return setNode(flags.ignoreCase ? foldCase([code, code]) : [code, code]);
}
