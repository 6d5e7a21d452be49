/** Every bound of the package in one place, each with its consequence. */
export const LIMITS = {
  /** Longest logical line of a v2 rulebase in bytes; a longer one is reported and skipped. */
  v2LogicalLineBytes: 64 * 1024,
  /** Longest logical line of a v1 rulebase in bytes; a longer one is reported and skipped. */
  v1LogicalLineBytes: 10 * 1024,
  /** Longest prefix that `extendprefix=` may build up; the extension is reported and ignored beyond it. */
  prefixBytes: 64 * 1024,
  /** Largest rulebase file in bytes; loading fails beyond it. */
  rulebaseBytes: 64 * 1024 * 1024,
  /** Nesting of `include=` and of v1 `descent` files; a deeper one fails like an unreadable file. */
  includeDepth: 16,
  /** Nodes of all match graphs together; rules beyond it are reported and ignored. */
  nodes: 1_000_000,
  /** Fields and alternatives on one path of a rule; a longer rule is reported and ignored. */
  ruleSteps: 4096,
  /** Edges of a match graph, and fields at one of its nodes, up to which code is generated; larger ones are interpreted, see `match/compile.ts`. */
  compiledEdges: 6000,
  compiledWidth: 64,
  /** Longest field or type name in bytes; a longer one makes the rule invalid. */
  nameBytes: 1023,
  /** Nesting of JSON, in rules and in log lines; deeper text does not parse. */
  jsonDepth: 32,
  /** Nesting of user types and of v1 sub-rulebases while matching; deeper input does not match. */
  matchDepth: 128,
  /** Diagnostics kept per rulebase; later ones are counted only. */
  diagnostics: 10_000,
  /** Work units a line may cost on top of `workPerByte`; see `match/budget.ts`. */
  workPerLine: 1_000_000,
  /** Work units a line may cost for each of its bytes. */
  workPerByte: 200,
} as const;
