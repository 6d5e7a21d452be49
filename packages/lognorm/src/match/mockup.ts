/** The textual rule of a match: what `addRule` adds and the DOT and statistics outputs show. */
import type { Edge } from '../v2/graph.ts';

/** A literal as its text, a field as `%name:type%` without its parameters. */
export function edgeText(edge: Edge): string {
  if (edge.literal !== undefined) return edge.literal;
  const type = edge.matcher.kind === 'type' ? 'USER-DEFINED' : edge.type;
  return `%${edge.name ?? '-'}:${type}%`;
}

export function mockupOf(edges: readonly Edge[]): string {
  return edges.map(edgeText).join('');
}
