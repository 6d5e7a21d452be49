import { Type } from 'typebox';
import { MeniscusError } from '../../errors.ts';
import type { App } from '../app-types.ts';
import { missingMessageToken, requireMessageToken, tenantOfToken } from '../message-token.ts';
import { authenticateKey, authorize, bearerOf } from '../plugins/auth.ts';
import { TenantParams } from '../schemas/common.ts';
import { exampleToken, ResetToken, Token } from '../schemas/tenant.ts';
import type { Services } from '../services.ts';
import { recordOf, tenantPath } from './tenants.ts';

export function tokenRoutes(app: App, services: Services): void {
  const url = '/v1/tenant/:tenant_id/token';

  // Before the GET: else Fastify derives a HEAD from it.
  app.head(
    url,
    {
      schema: { params: TenantParams },
      config: {
        docs: {
          tag: 'tokens',
          summary: 'Whether a message token is valid',
          description: 'Needs no API key. An unknown tenant is answered like a wrong token.',
          headers: { 'MESSAGE-TOKEN': { description: 'The token in question.', required: true } },
          answers: { 200: { description: 'It is the valid or the previous token.' } },
          errors: ['missing_header', 'not_authenticated', 'forbidden', 'tenant_not_found'],
        },
      },
    },
    (request, reply) => {
      const { authorization } = request.headers;
      // An API key instead of the token: judged as on the other methods, then the header is missing.
      if (request.headers['message-token'] === undefined && bearerOf(authorization)?.startsWith('msk_') === true) {
        authorize(authenticateKey(services, request), 'tenant_admin', request.params.tenant_id);
        throw missingMessageToken();
      }
      const token = requireMessageToken(request.headers);
      if (tenantOfToken(services.control, request.params.tenant_id, token) === undefined) throw new MeniscusError('tenant_not_found');
      return reply.code(200).send();
    },
  );

  app.get(
    url,
    {
      exposeHeadRoute: false,
      schema: { params: TenantParams },
      config: {
        docs: {
          tag: 'tokens',
          summary: "A tenant's message tokens",
          answers: { 200: { description: 'The tokens.', schema: Type.Object({ token: Token }), example: { token: exampleToken } } },
        },
      },
    },
    (request) => ({ token: recordOf(services, request.params.tenant_id).token }),
  );

  app.post(
    url,
    {
      schema: { params: TenantParams, body: ResetToken },
      config: {
        docs: {
          tag: 'tokens',
          summary: 'Make a new message token',
          description: 'The old one stays valid as `previous`, unless `invalidate_now` is true.',
          bodyExample: { token: { invalidate_now: false } },
          answers: { 203: { description: 'Done.', headers: { Location: 'The path of the token.' } } },
          errors: ['token_too_young', 'conflict'],
        },
      },
    },
    async (request, reply) => {
      const { tenant_id } = request.params;
      await services.control.tenants.resetToken(tenant_id, request.body.token.invalidate_now);
      return reply.code(203).header('location', tenantPath(tenant_id, 'token')).send();
    },
  );
}
