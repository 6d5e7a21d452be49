import type { RouteOptions } from 'fastify';
import type { TSchema } from 'typebox';
import { accessOf } from '../access.ts';
import type { App } from '../app-types.ts';
import type { DocumentedRoute } from '../openapi/document.ts';

/** A HEAD that Fastify derives from a GET: documented by the GET. */
function isDerivedHead(route: RouteOptions, routes: readonly DocumentedRoute[]): boolean {
  return route.method === 'HEAD' && routes.some(({ method, url }) => method === 'GET' && url === route.url);
}

/** Gives every route its line of the access table and collects what is documented. Register it before the routes. */
export function registryPlugin(app: App): readonly DocumentedRoute[] {
  const routes: DocumentedRoute[] = [];
  app.addHook('onRoute', (route) => {
    const method = String(route.method);
    const access = accessOf(method, route.url);
    const { docs, bodyOptional } = route.config ?? {};
    route.config = { ...route.config, access };
    if (docs === undefined || isDerivedHead(route, routes)) return;
    const { params, body } = (route.schema ?? {}) as { readonly params?: TSchema; readonly body?: TSchema };
    routes.push({ method, url: route.url, access, docs, params, body, bodyOptional });
  });
  return routes;
}
