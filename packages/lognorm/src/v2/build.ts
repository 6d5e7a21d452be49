/** The v2 engine's side of loading: turns descriptions into steps and steps into the match graph. */
import { RuleError } from '../errors.ts';
import { LIMITS } from '../limits.ts';
import { JsonNumber } from '../json-dialect/value.ts';
import type { JsonObject, JsonValue } from '../json-dialect/value.ts';
import { writeJson } from '../json-dialect/write.ts';
import { findMotif } from '../parsers/index.ts';
import { asText, Parameters } from '../parsers/parameters.ts';
import { excerpt, parseDescription } from '../rulebase/description.ts';
import type { DescriptionItem, LegacyField } from '../rulebase/description.ts';
import type { RuleLine, RuleSink } from '../rulebase/directives.ts';
import { decodeEscapes } from '../rulebase/escapes.ts';
import type { Reporter } from '../rulebase/reporter.ts';
import { Component } from './graph.ts';
import type { Node, Step, Use } from './graph.ts';
import { Inserter, orderOf } from './insert.ts';

const USER_TYPE_PRIORITY = 16;
const REPEAT_PRIORITY = 4;

/** A rule kept for `explain`: its steps, whether usable or not. */
export interface V2Rule extends RuleLine {
  steps: Step[];
  valid: boolean;
}

export class V2Builder implements RuleSink {
  readonly version = 2;
  readonly main = new Component('main');
  readonly types = new Map<string, Component>();
  /** Repeat bodies and separators, in the order of their making. */
  readonly repeats: Component[] = [];
  readonly rules: V2Rule[] = [];
  private readonly reporter: Reporter;
  private readonly inserter = new Inserter();

  constructor(reporter: Reporter) {
    this.reporter = reporter;
  }

  addRule(rule: RuleLine): void {
    const { steps, error } = this.steps(rule.description);
    this.rules.push({ ...rule, steps, valid: error === undefined });
    const end = this.inserter.insert(this.main.root, steps);
    if (error !== undefined) throw error;
    end.terminal = { tags: rule.tags, file: rule.file, line: rule.line };
  }

  addType(name: string, description: string): void {
    let component = this.types.get(name);
    if (component === undefined) this.types.set(name, (component = new Component(name)));
    const { steps, error } = this.steps(description);
    const end = this.inserter.insert(component.root, steps);
    if (error !== undefined) throw error;
    this.finish(end);
  }

  private finish(end: Node): void {
    end.terminal = { tags: [], file: this.reporter.file, line: this.reporter.line };
  }

  /** The steps before the first invalid field, and what is wrong with that. */
  private steps(description: string): { steps: Step[]; error: RuleError | undefined } {
    const { items, error } = parseDescription(description, 2);
    const steps: Step[] = [];
    try {
      for (const item of items) this.item(item, steps);
      return { steps, error };
    } catch (caught) {
      if (!(caught instanceof RuleError)) throw caught;
      return { steps, error: caught };
    }
  }

  private item(item: DescriptionItem, steps: Step[]): void {
    if (item.kind === 'text') steps.push(item);
    else if (item.kind === 'legacy') this.definition(legacyDefinition(item.field), steps);
    else this.definition(item.value, steps);
    if (steps.length > LIMITS.ruleSteps) throw new RuleError('too-large', `rule has more than ${LIMITS.ruleSteps} fields`);
  }

  /** Appends the steps of a field definition: one for an object, several for an array. */
  private definition(value: JsonValue, steps: Step[]): void {
    if (Array.isArray(value)) {
      for (const element of value) this.definition(element, steps);
      return;
    }
    if (!(value instanceof Map)) throw new RuleError('invalid-field', `field definition is not an object: ${excerpt(writeJson(value), 0)}`);
    const type = value.get('type');
    if (type === undefined) throw new RuleError('invalid-field', `field definition has no type: ${excerpt(writeJson(value), 0)}`);
    if (type === 'alternative') steps.push(this.alternative(value));
    else steps.push({ kind: 'use', use: this.use(asText(type), value) });
  }

  private alternative(definition: JsonObject): Step {
    const parser = definition.get('parser');
    if (!Array.isArray(parser)) throw new RuleError('invalid-parameter', 'alternative needs an array as its parser');
    const branches = parser.map((branch) => this.sequence(branch));
    return { kind: 'alternative', key: writeJson(definition), branches };
  }

  /** The steps of an object or an array, of which there must be some. */
  private sequence(value: JsonValue): Step[] {
    const steps: Step[] = [];
    this.definition(value, steps);
    if (steps.length === 0) throw new RuleError('invalid-parameter', 'an empty array is not a sequence of parsers');
    return steps;
  }

  private use(type: string, definition: JsonObject): Use {
    const name = nameOf(definition);
    const key = writeJson(definition);
    const priority = priorityOf(definition);
    if (type.startsWith('@')) {
      const component = this.types.get(type);
      if (component === undefined) throw new RuleError('unknown-type', `unknown user-defined type '${type}'`);
      return { key, type, name, order: orderOf(priority, USER_TYPE_PRIORITY), matcher: { kind: 'type', component } };
    }
    if (type === 'repeat') {
      return { key, type, name, order: orderOf(priority, REPEAT_PRIORITY), matcher: this.repeat(definition) };
    }
    const motif = findMotif(type, 2);
    if (motif === undefined) throw new RuleError('unknown-type', `invalid field type '${excerpt(type, 0)}'`);
    const parameters = new Parameters(type, definition, (message) => this.reporter.report('unknown-parameter', message));
    const parser = motif.create(parameters, 2);
    const use: Use = { key, type, name, order: orderOf(priority, motif.priority), matcher: { kind: 'parser', parser } };
    if (type === 'literal') use.literal = parameters.requiredText('text');
    return use;
  }

  private repeat(definition: JsonObject): Use['matcher'] {
    const parameters = new Parameters('repeat', definition, (message) => this.reporter.report('unknown-parameter', message));
    parameters.allowOnly(['parser', 'while', 'option.permitMismatchInParser']);
    const parser = definition.get('parser');
    const separator = definition.get('while');
    if (parser === undefined || separator === undefined) {
      throw new RuleError('invalid-parameter', `repeat needs both 'parser' and 'while'`);
    }
    const body = this.repeatComponent(parser);
    if (namesItselfAs('.', parser) && Array.isArray(parser)) {
      throw new RuleError('invalid-parameter', `repeat: a field named '.' must be the only parser`);
    }
    return { kind: 'repeat', body, separator: this.repeatComponent(separator), permitMismatch: isTrue(definition) };
  }

  private repeatComponent(value: JsonValue): Component {
    const component = new Component('repeat', true);
    this.finish(this.inserter.insert(component.root, this.sequence(value)));
    this.repeats.push(component);
    return component;
  }
}

/** `option.permitMismatchInParser` as a boolean of the JSON dialect: a number counts unless zero, a string unless empty. */
function isTrue(definition: JsonObject): boolean {
  const value = definition.get('option.permitMismatchInParser') ?? false;
  return value instanceof JsonNumber ? Number.parseFloat(value.text) !== 0 : Boolean(value);
}

/** Whether a definition or one of a sequence has the given name. */
function namesItselfAs(name: string, value: JsonValue): boolean {
  if (Array.isArray(value)) return value.some((element) => namesItselfAs(name, element));
  return value instanceof Map && value.get('name') === name;
}

/** The definition that a legacy field stands for; members of the condensed form may override name and type. */
function legacyDefinition(field: LegacyField): JsonObject {
  const definition: JsonObject = new Map();
  definition.set('name', field.name);
  definition.set('type', field.type);
  if (field.extra !== undefined) definition.set('extradata', decodeEscapes(field.extra));
  for (const [key, value] of field.members ?? []) definition.set(key, value);
  return definition;
}

function nameOf(definition: JsonObject): string | undefined {
  const name = definition.get('name');
  if (name === undefined || name === null) return undefined;
  const text = asText(name);
  if (text.length > LIMITS.nameBytes) throw new RuleError('too-large', `field name is longer than ${LIMITS.nameBytes} bytes`);
  return text === '-' ? undefined : text;
}

function priorityOf(definition: JsonObject): JsonNumber | string | undefined {
  const priority = definition.get('priority');
  return priority instanceof JsonNumber || typeof priority === 'string' ? priority : undefined;
}
