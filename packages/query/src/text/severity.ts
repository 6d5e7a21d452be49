const NAMES: ReadonlyMap<string, number> = new Map(
  [
    ['emerg', 'emergency', 'panic'],
    ['alert'],
    ['crit', 'critical', 'fatal'],
    ['err', 'error'],
    ['warn', 'warning'],
    ['notice'],
    ['info', 'informational'],
    ['debug', 'trace'],
  ].flatMap((names, severity) => names.map((name): [string, number] => [name, severity])),
);

/** The number of a severity's name in any case (`error` is 3), or undefined. */
export function severityOf(name: string): number | undefined {
  return NAMES.get(name.toLowerCase());
}

/** Every name of a severity with its number, for completion and documentation. */
export function severityNames(): ReadonlyMap<string, number> {
  return NAMES;
}
