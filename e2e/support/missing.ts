/** What to do without a real client or server: an error in CI, a loud skip elsewhere. Gives the reason for `t.skip`. */
export function missing(what: string, cause: unknown): string {
  const reason = `${what} could not be installed: ${cause instanceof Error ? cause.message : String(cause)}`;
  if (process.env['CI']) throw new Error(reason, { cause });
  console.error(`SKIPPED: ${reason}`);
  return reason;
}
