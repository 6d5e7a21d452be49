import { Type } from 'typebox';
import { errorCodes } from '../../errors.ts';

export const ProblemSchema = Type.Object(
  {
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ enum: errorCodes }),
    detail: Type.Optional(Type.String()),
    errors: Type.Optional(Type.Array(Type.Unknown(), { description: 'Details, by field or line.' })),
    position: Type.Optional(Type.Integer({ description: 'Where in a query: 0-based, in UTF-16 units.' })),
  },
  { description: 'RFC 9457, with a code from one table.' },
);

const tenant_id = Type.String({ description: 'Any text of 1-256 code points, percent-encoded.', examples: ['acme'] });

export const TenantParams = Type.Object({ tenant_id });

/** The parameters of a path within a tenant. */
export function tenantParams<const N extends string>(name: N, description: string) {
  return Type.Object({ tenant_id, [name]: Type.String({ description }) } as { tenant_id: typeof tenant_id } & Record<
    N,
    ReturnType<typeof Type.String>
  >);
}

export const Time = Type.String({ description: 'ISO 8601, UTC', examples: ['2026-11-23T10:00:00.123456Z'] });

/** A string or null. */
export const NullableString = Type.Union([Type.String(), Type.Null()]);
