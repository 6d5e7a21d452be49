import { Compile, type Validator } from 'typebox/compile';
import type { TSchema } from 'typebox';
import { MeniscusError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { App } from '../app-types.ts';

/** Errors listed of one body. */
const ERRORS_LISTED = 20;

/** What is wrong with a value, as errors by JSON pointer. */
function schemaError(validator: Validator, value: unknown): MeniscusError {
  const errors = validator
    .Errors(value)
    .filter((error) => error.keyword !== 'boolean')
    .slice(0, ERRORS_LISTED)
    .map((error) => ({ path: error.instancePath, title: error.message }));
  const first = errors[0];
  return new MeniscusError(
    'bad_request',
    first === undefined ? undefined : `${first.path === '' ? 'the body' : first.path} ${first.title}`,
    {
      errors,
    },
  );
}

/**
 * JSON bodies in the order of 2013: content type (415), JSON (400), schema (400). Nothing is coerced, filled in or taken away. Query strings and paths are read by
 * the routes themselves, so only bodies are validated here; validators are compiled when first needed, which keeps the start short.
 */
export function jsonBodyPlugin(app: App): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string', bodyLimit: limits.requestBodyBytes }, (_request, body, done) => {
    if (body === '') return done(null, undefined);
    try {
      return done(null, JSON.parse(body as string));
    } catch {
      return done(new MeniscusError('malformed_json'), undefined);
    }
  });
  app.setValidatorCompiler<TSchema>(({ schema, httpPart }) => {
    if (httpPart !== 'body') return () => true;
    let validator: Validator | undefined;
    return (value: unknown) => {
      validator ??= Compile(schema);
      return validator.Check(value) ? { value } : { error: schemaError(validator, value) };
    };
  });
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.addHook('preValidation', (request, _reply, done) => {
    const { schema, config } = request.routeOptions;
    if (request.body !== undefined || schema?.body === undefined) return done();
    if (config.bodyOptional === true) request.body = {};
    else if (request.headers['content-type'] === undefined) {
      return done(new MeniscusError('unsupported_media_type', 'send Content-Type: application/json'));
    } else return done(new MeniscusError('malformed_json', 'the body is empty'));
    return done();
  });
}
