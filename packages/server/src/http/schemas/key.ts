import { Type } from 'typebox';
import type { Role } from '../../control/control.ts';
import { NullableString, Time } from './common.ts';
import { NAME_MAX } from './tenant.ts';

const strict = { additionalProperties: false };

/** The body that makes a key with one of `roles`. */
export function newKey<const R extends Role>(roles: readonly R[]) {
  return Type.Object(
    {
      key: Type.Object(
        {
          name: Type.String({ minLength: 1, maxLength: NAME_MAX }),
          role: Type.Unsafe<R>({ type: 'string', enum: roles }),
          expires_at: Type.Optional(
            Type.Unsafe<string | null>({
              type: ['string', 'null'],
              description: 'ISO 8601; left out or null: never.',
              examples: ['2027-01-01T00:00:00Z'],
            }),
          ),
        },
        strict,
      ),
    },
    strict,
  );
}

export const Key = Type.Object({
  id: Type.String(),
  name: Type.String(),
  role: Type.String({ enum: ['admin', 'tenant_admin', 'reader'] }),
  expires_at: NullableString,
  created_at: Time,
  last_used: NullableString,
});

export const CreatedKey = Type.Object({
  key: Type.Object({ ...Key.properties, key: Type.String({ description: 'Answered this once.' }) }),
});

export const exampleKey = {
  id: 'k1',
  name: 'grafana',
  role: 'reader',
  expires_at: null,
  created_at: '2026-11-23T10:00:00.123456Z',
  last_used: null,
};
