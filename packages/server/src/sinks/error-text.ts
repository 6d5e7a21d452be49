/** How much of a text is kept: an answer may be a whole page. */
const TEXT_MAX = 300;

/** A shorter text is no secret, and hiding it would hide words. */
const SECRET_MIN = 4;

/** What went wrong, for an operator: never empty (errors of several addresses have no text of their own), on one line, not long, and with `secrets` masked. */
export function errorText(error: unknown, secrets: readonly string[] = []): string {
  return shown(words(error), secrets);
}

/** The beginning of a text on one line, with `secrets` masked. */
export function shown(text: string, secrets: readonly string[] = []): string {
  let masked = text;
  for (const secret of secrets) if (secret.length >= SECRET_MIN) masked = masked.replaceAll(secret, '***');
  const line = masked.replace(/[\s\u0000-\u001f\u007f]+/g, ' ').trim();
  return line.length > TEXT_MAX ? `${line.slice(0, TEXT_MAX)}...` : line;
}

function words(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return [...new Set(error.errors.map(words))].join('; ');
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  return (error as NodeJS.ErrnoException).code ?? error.name;
}
