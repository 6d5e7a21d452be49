import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { Principal } from '../control/control.ts';
import type { Access } from './access.ts';
import type { RouteDocs } from './openapi/route-docs.ts';

/** The application as route files see it: schemas give the handlers' types. */
export type App = FastifyInstance<Server, IncomingMessage, ServerResponse, FastifyBaseLogger, TypeBoxTypeProvider>;

declare module 'fastify' {
  interface FastifyRequest {
    /** Who calls; null on open routes. */
    principal: Principal | null;
  }
  interface FastifyContextConfig {
    /** Filled in from access.ts when the route is registered. */
    access?: Access;
    /** The route takes a request without a body although it has a body schema. */
    bodyOptional?: boolean;
    docs?: RouteDocs;
  }
}
