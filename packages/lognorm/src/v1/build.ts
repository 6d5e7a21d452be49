/** The v1 engine's side of loading. */
import { RuleError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { excerpt, parseDescription } from '../rulebase/description.ts';
import type { DescriptionItem, LegacyField } from '../rulebase/description.ts';
import type { RuleLine, RuleSink } from '../rulebase/directives.ts';
import { createV1Parser } from './complex.ts';
import type { V1Context } from './context.ts';
import { insertText, V1Node } from './tree.ts';
import type { V1Edge, V1Parser } from './tree.ts';

export interface V1Step {
  text?: string;
  edge?: { name: string | undefined; type: string; key: string; parser: V1Parser };
}

/** A rule kept for `explain`. */
export interface V1Rule extends RuleLine {
  steps: V1Step[];
  valid: boolean;
}

export class V1Builder implements RuleSink {
  readonly version = 1;
  readonly context: V1Context;
  readonly rules: V1Rule[] = [];
  private nodes = 0;

  constructor(context: V1Context) {
    this.context = context;
  }

  addRule(line: RuleLine): void {
    const { items, error } = parseDescription(line.description, 1);
    const rule: V1Rule = { ...line, steps: [], valid: false };
    this.rules.push(rule);
    let node = this.context.program.root;
    // A field, and the end of a rule, stand at the end of a literal: where there is none, an empty one splits what other rules put there.
    let afterText = false;
    for (const item of items) {
      node = this.item(node, item, rule, afterText);
      afterText = item.kind === 'text';
    }
    if (error !== undefined) throw error;
    if (!afterText) node = insertText(node, '', () => this.count());
    node.terminal = { tags: line.tags, file: line.file, line: line.line };
    rule.valid = true;
  }

  addType(name: string): void {
    throw new RuleError('unknown-directive', `invalid record type detected: 'type' (${name})`);
  }

  private count(): void {
    this.nodes += 1;
    if (this.nodes > LIMITS.nodes) throw new RuleError('too-large', `rulebase needs more than ${LIMITS.nodes} nodes`);
  }

  private item(from: V1Node, item: DescriptionItem, rule: V1Rule, afterText: boolean): V1Node {
    if (rule.steps.length >= LIMITS.ruleSteps) throw new RuleError('too-large', `rule has more than ${LIMITS.ruleSteps} fields`);
    if (item.kind === 'text') {
      rule.steps.push({ text: item.text });
      return insertText(from, item.text, () => this.count());
    }
    if (item.kind === 'json') throw new RuleError('invalid-field', 'JSON fields need a v2 rulebase');
    const edge = this.edge(afterText ? from : insertText(from, '', () => this.count()), item.field);
    rule.steps.push({ edge });
    return edge.target;
  }

  private edge(node: V1Node, field: LegacyField): V1Edge {
    const key = JSON.stringify([field.name, field.type, field.extra ?? '']);
    const known = [...node.edges, node.rest].find((edge) => edge?.key === key);
    if (known !== undefined) return known;
    const parser = createV1Parser(field.type, field.extra, this.context);
    if (parser === undefined) throw new RuleError('unknown-type', `invalid field type '${excerpt(field.type, 0)}'`);
    this.count();
    const name = field.name === '-' ? undefined : field.name;
    const edge: V1Edge = { name, type: field.type, key, parser, target: new V1Node(), field: -1 };
    if (field.type === 'rest') node.rest = edge;
    else node.edges.push(edge);
    return edge;
  }
}
