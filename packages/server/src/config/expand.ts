import { ValueFault } from './kinds.ts';

export type Variables = Readonly<Record<string, string | undefined>>;

/** `${NAME}` within a text is the environment's variable of that name, `$${` is `${`; also in lists and below keys. Throws ValueFault when there is none. */
export function expandVariables(value: unknown, env: Variables): unknown {
  if (typeof value === 'string') return expandText(value, env);
  if (Array.isArray(value)) return value.map((one) => expandVariables(one, env));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, expandVariables(member, env)]));
}

function expandText(text: string, env: Variables): string {
  return text.replace(/\$?\$\{([^}]*)\}/g, (whole, name: string) => {
    if (whole.startsWith('$$')) return whole.slice(1);
    const value = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? env[name] : undefined;
    if (value === undefined) throw new ValueFault(`names the environment variable ${name}, which is not set`);
    return value;
  });
}
