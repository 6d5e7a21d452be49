/** The command line of `lognormalizer`, in the manner of getopt: options may be grouped and their arguments glued on. */
export interface CliOptions {
  rulebase: string | undefined;
  rules: string | undefined;
  format: string;
  formatOption: string;
  tags: boolean;
  mandatoryTag: string | undefined;
  output: 'all' | 'parsed' | 'unparsed';
  lineNumbers: boolean;
  summary: boolean;
  countUnparsed: boolean;
  addRule: boolean;
  addRuleLocation: boolean;
  addOriginalMsg: boolean;
  allowRegex: boolean;
  verbosity: number;
  dot: string | undefined;
  statistics: string | undefined;
  extendedStatistics: string | undefined;
  statisticsDot: string | undefined;
  /** An extension: explain lines that match no rule. */
  explain: boolean;
}

/** What to do instead of normalizing, or what is wrong with the command line. */
export class UsageProblem extends Error {
  readonly showUsage: boolean;

  constructor(message: string, showUsage: boolean) {
    super(message);
    this.showUsage = showUsage;
  }
}

const WITH_ARGUMENT = 'rReEtodsSx';
const WITHOUT_ARGUMENT = 'TpPLHUvVh';

export const USAGE = `Usage: lognormalizer -r <file> | -R <rules> [options] < log

  -r <file>     load the rulebase from a file
  -R <rules>    take the rules from the command line (always v2)
  -e <format>   output format: json (default), xml, csv, cee-syslog or raw
  -E <spec>     csv: the fields to print, separated by commas or spaces
  -T            keep event.tags in JSON
  -t <tag>      print only events that bear the tag
  -p            print only lines that match a rule
  -P            print only lines that match none
  -L            add the line number to lines that match none
  -H            print a summary at the end
  -U            print the number of lines that match none, if there are any
  -o <option>   allowRegex, addRule, addRuleLocation, addExecPath or addOriginalMsg
  -d <file>     write the match graph in DOT format and exit
  -s <file>     write statistics of the match graph
  -S <file>     the same with the use of each node
  -x <file>     write the use of each node in DOT format
  -v            debug output on standard error; three times: the match graph too
  --explain     instead of events, explain why lines match no rule
  -V            print the version
  -h            print this help
`;

function defaults(): CliOptions {
  return {
    rulebase: undefined,
    rules: undefined,
    format: 'json',
    formatOption: '',
    tags: false,
    mandatoryTag: undefined,
    output: 'all',
    lineNumbers: false,
    summary: false,
    countUnparsed: false,
    addRule: false,
    addRuleLocation: false,
    addOriginalMsg: false,
    allowRegex: false,
    verbosity: 0,
    dot: undefined,
    statistics: undefined,
    extendedStatistics: undefined,
    statisticsDot: undefined,
    explain: false,
  };
}

/** Throws a `UsageProblem` for anything that cannot be used. */
export function parseArguments(argv: readonly string[]): CliOptions {
  const options = defaults();
  for (let i = 0; i < argv.length; i += 1) {
    const word = argv[i]!;
    if (word === '--') break;
    if (word === '--explain') {
      options.explain = true;
      continue;
    }
    if (word.length < 2 || !word.startsWith('-')) continue;
    for (let at = 1; at < word.length; at += 1) {
      const letter = word[at]!;
      if (WITHOUT_ARGUMENT.includes(letter)) {
        setFlag(options, letter);
        continue;
      }
      if (!WITH_ARGUMENT.includes(letter)) throw new UsageProblem(`lognormalizer: invalid option -- '${letter}'`, true);
      const glued = word.slice(at + 1);
      if (glued === '') i += 1;
      const argument = glued === '' ? argv[i] : glued;
      if (argument === undefined) throw new UsageProblem(`lognormalizer: option requires an argument -- '${letter}'`, true);
      setArgument(options, letter, argument);
      break;
    }
  }
  return checked(options);
}

function checked(options: CliOptions): CliOptions {
  if (options.rulebase === undefined && options.rules === undefined) {
    throw new UsageProblem('Samples repository or String must be given (-r or -R)', false);
  }
  if (options.rulebase !== undefined && options.rules !== undefined) throw new UsageProblem('Only use one rulebase (-r or -R)', false);
  return options;
}

function setFlag(options: CliOptions, letter: string): void {
  if (letter === 'T') options.tags = true;
  else if (letter === 'p') options.output = 'parsed';
  else if (letter === 'P') options.output = 'unparsed';
  else if (letter === 'L') options.lineNumbers = true;
  else if (letter === 'H') options.summary = true;
  else if (letter === 'U') options.countUnparsed = true;
  else if (letter === 'v') options.verbosity += 1;
  else if (letter === 'V') throw new UsageProblem('version', false);
  else throw new UsageProblem('', true);
}

function setArgument(options: CliOptions, letter: string, argument: string): void {
  if (letter === 'r') options.rulebase = argument;
  else if (letter === 'R') options.rules = argument;
  else if (letter === 'e') options.format = argument;
  else if (letter === 'E') options.formatOption = argument;
  else if (letter === 't') options.mandatoryTag = argument;
  else if (letter === 'd') options.dot = argument;
  else if (letter === 's') options.statistics = argument;
  else if (letter === 'S') options.extendedStatistics = argument;
  else if (letter === 'x') options.statisticsDot = argument;
  else setLibraryOption(options, argument);
}

function setLibraryOption(options: CliOptions, name: string): void {
  if (name === 'allowRegex') options.allowRegex = true;
  else if (name === 'addRule') options.addRule = true;
  else if (name === 'addRuleLocation') options.addRuleLocation = true;
  else if (name === 'addOriginalMsg') options.addOriginalMsg = true;
  else if (name !== 'addExecPath') throw new UsageProblem(`invalid -o option '${name}'`, false);
}
