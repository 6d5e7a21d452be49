import type { Answer, Content, OpenApi, Operation, Parameter, Schema } from './application.ts';
import { cell, code, generatedBy, page, table } from './markdown.ts';

interface Route extends Operation {
  readonly method: string;
  readonly path: string;
}

const TAGS = [
  'service',
  'tenants',
  'producers',
  'tokens',
  'keys',
  'publish',
  'search',
  'saved searches',
  'rulebases',
  'dead letters',
  'workers',
] as const;

const introduction = `# The HTTP API

${generatedBy} The same as OpenAPI 3.1: [openapi.json](openapi.json), and \`GET /openapi.json\` of a running service.

- API keys: \`Authorization: Bearer msk_...\`. Message tokens, to send events: \`MESSAGE-TOKEN: ...\` or \`Authorization: Bearer ...\`.
- Access: *open* (nobody is asked, or the route checks a message token itself), *reader* (any key of the tenant), *tenant_admin*, *operator* (role \`admin\`), *metrics* (operator unless \`metrics_auth\` is off).
  Without a key or with a bad one: 401. A key of the tenant with too small a role: 403. Another tenant's resource: 404, as if it did not exist.
- Parameters of searches may be given in the query string of GET or as a JSON object with POST. An unknown parameter is 400.
- Every problem is \`application/problem+json\`: \`{"title", "status", "code", "detail"?, "errors"?, "position"?}\`; [errors.md](errors.md) lists the codes.
- In the examples \`$URL\` is the service's address, \`$KEY\` an API key and \`$TOKEN\` a message token.`;

function routesOf({ paths }: OpenApi): Route[] {
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );
}

function typeOf(schema: Schema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => code(value)).join(', ');
  const type = schema.type ?? schema.anyOf?.map((one) => one.type).join(' or ') ?? '';
  const { minimum, maximum } = schema;
  return minimum === undefined || maximum === undefined ? type : `${type}, ${minimum} to ${maximum}`;
}

function parameterRow({ name, required, description, schema }: Parameter): string[] {
  const notes = [
    description ?? schema.description ?? '',
    ...(schema.default === undefined || schema.default === '' ? [] : [`Default: \`${String(schema.default)}\`.`]),
    ...(schema.examples === undefined ? [] : [`Example: \`${String(schema.examples[0])}\`.`]),
  ];
  return [code(name), required ? 'yes' : '', typeOf(schema), cell(notes.join(' ').trim())];
}

function parametersPart(route: Route): string {
  const { parameters = [] } = route;
  return parameters.length === 0 ? '' : table(['parameter', 'required', 'values', ''], parameters.map(parameterRow));
}

function exampleText({ example }: Content): string | undefined {
  if (example === undefined) return undefined;
  return typeof example === 'string' ? example.trimEnd() : JSON.stringify(example, null, 1);
}

function block(language: string, text: string): string {
  return `\`\`\`${language}\n${text}\n\`\`\``;
}

function languageOf(type: string): string {
  return type.includes('json') && !type.includes('ndjson') ? 'json' : 'text';
}

/** A path or query value of a curl line. */
function exampleOf({ name, schema }: Parameter): string {
  return schema.examples === undefined ? `$${name.toUpperCase()}` : encodeURIComponent(String(schema.examples[0]));
}

function urlOf({ path, parameters = [] }: Route): string {
  let url = path;
  for (const parameter of parameters)
    if (parameter.in === 'path') url = url.replace(`{${parameter.name}}`, parameter.name === 'tenant_id' ? 'acme' : exampleOf(parameter));
  const query = parameters.filter(({ in: place, schema }) => place === 'query' && schema.examples !== undefined);
  return query.length === 0 ? url : `${url}?${query.map((parameter) => `${parameter.name}=${exampleOf(parameter)}`).join('&')}`;
}

function curlOf(route: Route): string {
  const { method, requestBody, security, parameters = [] } = route;
  const [type, content] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const example = content?.example;
  const token = parameters.some(({ in: place, name }) => place === 'header' && name.toUpperCase() === 'MESSAGE-TOKEN');
  const parts = [
    method === 'HEAD' ? 'curl -I' : method === 'GET' || (method === 'POST' && example !== undefined) ? 'curl' : `curl -X ${method}`,
    ...(security.length > 0 ? ['-H "Authorization: Bearer $KEY"'] : []),
    ...(token ? ['-H "MESSAGE-TOKEN: $TOKEN"'] : []),
    ...(type === undefined || example === undefined ? [] : [`-H 'Content-Type: ${type}'`]),
    ...(example === undefined ? [] : [`-d '${typeof example === 'string' ? example.trimEnd() : JSON.stringify(example)}'`]),
    `"$URL${method === 'GET' || example === undefined ? urlOf(route) : urlOf(route).replace(/\?.*/, '')}"`,
  ];
  return block('sh', parts.join(' '));
}

function bodyPart({ requestBody }: Route): string {
  if (requestBody === undefined) return '';
  const types = Object.keys(requestBody.content).map(code).join(', ');
  const more = Object.entries(requestBody.content)
    .slice(1)
    .map(([type, content]) => [type, exampleText(content)] as const)
    .filter(([, text]) => text !== undefined)
    .map(([type, text]) => `As ${code(type)}:\n\n${block(languageOf(type), text!)}`);
  return [`Body${requestBody.required ? '' : ' (optional)'}: ${types}.`, ...more].join('\n\n');
}

function isProblem({ content }: Answer): boolean {
  return content !== undefined && Object.keys(content).every((type) => type.includes('problem'));
}

function answerPart(status: string, { description, content = {}, headers = {} }: Answer): string {
  const names = Object.entries(headers).map(([name, { description: what }]) => `${code(name)}: ${what}`);
  const examples = Object.entries(content).flatMap(([type, one]) => {
    const text = exampleText(one);
    return text === undefined ? [] : [block(languageOf(type), text)];
  });
  return [`**${status}** ${description}${names.length === 0 ? '' : ` Headers: ${names.join('; ')}.`}`, ...examples].join('\n\n');
}

function answersPart({ responses, method }: Route): string {
  const answers = Object.entries(responses);
  const problems = answers.filter(([status, answer]) => isProblem(answer) || (method === 'HEAD' && Number(status) >= 400));
  const good = answers.filter((answer) => !problems.includes(answer));
  const refusals = problems.map(([status, { description }]) => `${status} ${description}`).join('; ');
  return [...good.map(([status, answer]) => answerPart(status, answer)), `Problems: ${refusals}.`].join('\n\n');
}

function section(route: Route): string {
  return [
    `### ${route.method} ${route.path}`,
    `${route.summary}. ${route.description}`,
    parametersPart(route),
    bodyPart(route),
    curlOf(route),
    answersPart(route),
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** As GitHub makes them. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 _-]/g, '')
    .replaceAll(' ', '-');
}

function contents(routes: readonly Route[]): string {
  return table(
    ['route', ''],
    routes.map(({ method, path, summary }) => [`[\`${method} ${path}\`](#${anchor(`${method} ${path}`)})`, cell(summary)]),
  );
}

/** docs/reference/http.md */
export function httpReference(openapi: OpenApi): string {
  const routes = routesOf(openapi);
  const named = routes.map(({ tags }) => tags[0]!);
  const tags = [...new Set([...TAGS.filter((tag) => named.includes(tag)), ...named])];
  const groups = tags.map((tag) => [tag, routes.filter((route) => route.tags[0] === tag)] as const);
  return page(
    introduction,
    ...groups.flatMap(([tag, of]) => [`## ${tag[0]!.toUpperCase()}${tag.slice(1)}`, contents(of), ...of.map(section)]),
  );
}
