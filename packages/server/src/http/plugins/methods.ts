import type { FastifyReply, FastifyRequest } from 'fastify';
import { MeniscusError } from '../../errors.ts';
import type { App } from '../app-types.ts';
import { sendProblem } from './errors.ts';

interface Pattern {
  /** Of the path; null is a parameter. */
  readonly segments: readonly (string | null)[];
  readonly methods: Set<string>;
}

function segmentsOf(path: string): string[] {
  return path.split('/').slice(1);
}

function matches(pattern: Pattern, segments: readonly string[]): boolean {
  if (pattern.segments.length !== segments.length) return false;
  return pattern.segments.every((segment, i) => segment === null || segment === segments[i]);
}

/** The methods of a path that some route has, sorted; empty when none has. */
function allowed(patterns: Iterable<Pattern>, path: string): string[] {
  const segments = segmentsOf(path);
  const methods = new Set<string>();
  for (const pattern of patterns) if (matches(pattern, segments)) for (const method of pattern.methods) methods.add(method);
  if (methods.size > 0) methods.add('OPTIONS');
  return [...methods].sort();
}

/**
 * What no route takes: OPTIONS is 204 and a wrong method 405, both with `Allow` (RFC 9110 section 15.5.6), everything else 404. Works from the list of routes
 * instead of registering every other method of every path. Register it before the routes.
 */
export function methodsPlugin(app: App): void {
  const patterns = new Map<string, Pattern>();
  app.addHook('onRoute', ({ url, method }) => {
    let pattern = patterns.get(url);
    if (pattern === undefined) {
      pattern = { segments: segmentsOf(url).map((segment) => (segment.startsWith(':') ? null : segment)), methods: new Set() };
      patterns.set(url, pattern);
    }
    for (const one of [method].flat()) pattern.methods.add(one);
  });
  const answer = (request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const allow = allowed(patterns.values(), request.url.split('?', 1)[0]!);
    if (allow.length === 0) return sendProblem(request, reply, new MeniscusError('not_found', 'there is no such path'));
    void reply.header('allow', allow.join(', '));
    if (request.method === 'OPTIONS') return reply.code(204).send();
    return sendProblem(request, reply, new MeniscusError('method_not_allowed', `this path takes ${allow.join(', ')}`));
  };
  app.setNotFoundHandler(answer);
  // Before a body is read: its type or size must not be what is found wrong.
  app.addHook('onRequest', (request, reply, done) => {
    if (request.is404) answer(request, reply);
    else done();
  });
}
