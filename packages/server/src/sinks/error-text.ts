/** How much of a text is kept: an answer may be a whole page. */
const TEXT_MAX = 1000;

/** A shorter text is no secret, and hiding it would hide words. */
const SECRET_MIN = 4;

/** What went wrong, for an operator: never empty (errors of several addresses have no text of their own), on one line, not long, and with `secrets` masked. */
export function errorText(error: unknown, secrets: readonly string[] = []): string {
  return shown(words(error), secrets);
}

/** The beginning of a text on one line, with `secrets` masked. */
export function shown(text: string, secrets: readonly string[] = []): string {
  const line = masked(text, secrets)
    .replace(/[\s\u0000-\u001f\u007f]+/g, ' ')
    .trim();
  return line.length > TEXT_MAX ? `${line.slice(0, TEXT_MAX).toWellFormed()}...` : line;
}

/** The text with `***` for each of the secrets. */
export function masked(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => (secret.length >= SECRET_MIN ? rest.replaceAll(secret, '***') : rest), text);
}

function words(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return [...new Set(error.errors.map(words))].join('; ');
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  return (error as NodeJS.ErrnoException).code ?? error.name;
}
