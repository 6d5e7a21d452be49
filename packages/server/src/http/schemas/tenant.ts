import { Type } from 'typebox';
import { NullableString, Time } from './common.ts';

const strict = { additionalProperties: false };
/** Longest name of anything, in code points. */
export const NAME_MAX = 256;

const name = Type.String({ minLength: 1, maxLength: NAME_MAX });

/** 2013's `event_producer`; `id` is accepted and ignored. Not checked here: that the sinks are configured. */
export const ProducerBody = Type.Object(
  {
    id: Type.Optional(Type.Number({ description: 'Ignored.' })),
    name,
    pattern: name,
    durable: Type.Optional(Type.Boolean()),
    encrypted: Type.Optional(Type.Boolean()),
    sinks: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: NAME_MAX }), { uniqueItems: true, maxItems: 100 })),
  },
  strict,
);

export const NewProducer = Type.Object({ event_producer: ProducerBody }, strict);

const TokenReset = Type.Object(
  { invalidate_now: Type.Boolean({ description: 'Without the three hours; the previous token is revoked, too.' }) },
  strict,
);

export const ResetToken = Type.Object({ token: TokenReset }, strict);

/** 2013 accepts `event_producers` and `token` here and ignores them. */
export const NewTenant = Type.Object(
  {
    tenant: Type.Object(
      {
        tenant_id: Type.String({ minLength: 1, description: '1-256 code points; neither `.` nor `..`.' }),
        tenant_name: Type.Optional(name),
        event_producers: Type.Optional(Type.Array(ProducerBody, { description: 'Ignored.' })),
        token: Type.Optional(TokenReset),
      },
      strict,
    ),
  },
  strict,
);

export const Producer = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  pattern: Type.String(),
  durable: Type.Boolean(),
  encrypted: Type.Boolean(),
  sinks: Type.Array(Type.String()),
});

export const Token = Type.Object({ valid: Type.String(), previous: NullableString, last_changed: Time });

const RetentionDays = Type.Integer({ minimum: 1, maximum: 36_500, description: 'Days that events are kept, counted from their receipt.' });

export const Settings = Type.Object({ retention_days: RetentionDays });

export const SettingsBody = Type.Object({ settings: Type.Object({ retention_days: Type.Optional(RetentionDays) }, strict) }, strict);

export const Tenant = Type.Object({
  tenant_id: Type.String(),
  tenant_name: Type.String(),
  created_at: Time,
  event_producers: Type.Array(Producer),
  token: Type.Optional(Token),
  settings: Settings,
});

export const TenantSummary = Type.Object({
  tenant_id: Type.String(),
  tenant_name: Type.String(),
  created_at: Time,
  producers: Type.Integer(),
  keys: Type.Integer(),
  events_last_24h: Type.Integer(),
  bytes_last_24h: Type.Integer(),
  rejected_last_24h: Type.Integer(),
});

export const exampleProducer = { id: 1, name: 'apache', pattern: 'apache', durable: false, encrypted: false, sinks: ['store'] };
export const exampleToken = { valid: 'bb6fd4c7-96a5-4b3c-9f2e-9d1c6d5c8e11', previous: null, last_changed: '2026-11-23T10:00:00.123456Z' };
export const exampleTenantSummary = {
  tenant_id: 'acme',
  tenant_name: 'Acme',
  created_at: '2026-11-23T10:00:00.123456Z',
  producers: 1,
  keys: 2,
  events_last_24h: 120_000,
  bytes_last_24h: 34_800_000,
  rejected_last_24h: 12,
};
export const exampleTenant = {
  tenant_id: 'acme',
  tenant_name: 'Acme',
  created_at: '2026-11-23T10:00:00.123456Z',
  event_producers: [exampleProducer],
  token: exampleToken,
  settings: { retention_days: 90 },
};
