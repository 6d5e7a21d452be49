/** From the body of a failed answer to a typed error. */
import { tryParse } from './call.ts';
import {
  AccessDeniedError,
  AuthenticationError,
  FileExistsError,
  FileNotFoundError,
  QuotaExceededError,
  RemoteError,
  ResponseError,
  StandbyError,
  UnavailableError,
  UnsupportedError,
  type Failure,
  type RemoteExceptionBody,
  type WebHdfsError,
} from './errors.ts';

type RemoteErrorClass = typeof RemoteError;

interface Rule {
  type: RemoteErrorClass;
  retriable: boolean;
  /** The exception is thrown before anything is changed. */
  untouched: boolean;
}

const PERMANENT = { retriable: false, untouched: true };
const LATER = { retriable: true, untouched: true };
const LATER_UNSURE = { retriable: true, untouched: false };

/** By simple class name. A Map: the names come from the network. */
const RULES = new Map<string, Rule>([
  ['FileNotFoundException', { type: FileNotFoundError, ...PERMANENT }],
  ['FileAlreadyExistsException', { type: FileExistsError, ...PERMANENT }],
  ['AccessControlException', { type: AccessDeniedError, ...PERMANENT }],
  ['AuthorizationException', { type: AccessDeniedError, ...PERMANENT }],
  ['SecurityException', { type: AuthenticationError, ...PERMANENT }],
  ['AuthenticationException', { type: AuthenticationError, ...PERMANENT }],
  ['InvalidToken', { type: AuthenticationError, ...PERMANENT }],
  ['QuotaExceededException', { type: QuotaExceededError, ...PERMANENT }],
  ['NSQuotaExceededException', { type: QuotaExceededError, ...PERMANENT }],
  ['DSQuotaExceededException', { type: QuotaExceededError, ...PERMANENT }],
  ['QuotaByStorageTypeExceededException', { type: QuotaExceededError, ...PERMANENT }],
  ['StandbyException', { type: StandbyError, ...LATER }],
  ['ObserverRetryOnActiveException', { type: StandbyError, ...LATER }],
  ['SafeModeException', { type: UnavailableError, ...LATER }],
  ['RetriableException', { type: UnavailableError, ...LATER }],
  ['AlreadyBeingCreatedException', { type: UnavailableError, ...LATER }],
  ['RecoveryInProgressException', { type: UnavailableError, ...LATER }],
  ['NotReplicatedYetException', { type: UnavailableError, ...LATER_UNSURE }],
  ['ConnectException', { type: UnavailableError, ...LATER_UNSURE }],
  ['NoRouteToHostException', { type: UnavailableError, ...LATER_UNSURE }],
  ['SocketTimeoutException', { type: UnavailableError, ...LATER_UNSURE }],
  ['ConnectTimeoutException', { type: UnavailableError, ...LATER_UNSURE }],
  ['ClosedChannelException', { type: UnavailableError, ...LATER_UNSURE }],
  ['UnsupportedActionException', { type: UnsupportedError, ...PERMANENT }],
  ['UnsupportedOperationException', { type: UnsupportedError, ...PERMANENT }],
]);

/** Plain IOExceptions that mean 'not now', by their words: the server has no class of its own for them. */
const NOT_NOW: readonly [RegExp, typeof LATER | typeof LATER_UNSURE][] = [
  // The status is 403, yet the cluster only lacks a live DataNode.
  [/Failed to find datanode|No active nodes contain this block/i, LATER],
  [/could only be (?:replicated|written) to \d+/i, LATER_UNSURE],
  [/All datanodes? .*(?:is|are) bad/i, LATER_UNSURE],
  [/No space left on device/i, LATER_UNSURE],
  [/Unable to create new block|Could not (?:obtain|get) block|Unable to close file/i, LATER_UNSURE],
  [/Connection (?:refused|reset)|Broken pipe|timed? ?out/i, LATER_UNSURE],
];

/** A nested exception at the front of a message, as in `org.apache.hadoop.ipc.RemoteException: ...StandbyException: not active`. */
const NESTED = /(?:^|[\s(])(?:[a-z][\w]*\.)+(?:\w+\$)?((?:[A-Z]\w*)?Exception|InvalidToken)\b/g;

const UNKNOWN_OPERATION = /No enum constant|Invalid value for webhdfs parameter "op"|Invalid HTTP .*operation/i;

function simpleName(exception: string): string {
  return exception.slice(Math.max(exception.lastIndexOf('.'), exception.lastIndexOf('$')) + 1);
}

/** A SecurityException or a RemoteException only wraps what matters: a standby name node refuses a token with `...InvalidToken: StandbyException`. */
function meant(remote: RemoteExceptionBody): string {
  const outer = simpleName(remote.exception);
  if (outer !== 'RemoteException' && outer !== 'SecurityException' && outer !== 'InvalidToken') return outer;
  if (/\bStandbyException\b/.test(remote.message)) return 'StandbyException';
  for (const match of remote.message.matchAll(NESTED)) if (RULES.has(match[1]!)) return match[1]!;
  return outer;
}

function ruleFor(remote: RemoteExceptionBody): Rule {
  const name = meant(remote);
  const rule = RULES.get(name);
  if (rule !== undefined) return rule;
  if ((name === 'QueryParamException' || name === 'IllegalArgumentException') && UNKNOWN_OPERATION.test(remote.message)) {
    return { type: UnsupportedError, ...PERMANENT };
  }
  for (const [words, outcome] of NOT_NOW) if (words.test(remote.message)) return { type: UnavailableError, ...outcome };
  return { type: RemoteError, retriable: false, untouched: false };
}

function asRemoteException(body: string): RemoteExceptionBody | undefined {
  const inner = (tryParse(body) as { RemoteException?: unknown } | null | undefined)?.RemoteException as
    Partial<RemoteExceptionBody> | null | undefined;
  if (typeof inner !== 'object' || inner === null || typeof inner.exception !== 'string') return undefined;
  const { exception, javaClassName, message } = inner;
  return {
    exception: exception.slice(0, 200),
    javaClassName: typeof javaClassName === 'string' ? javaClassName.slice(0, 300) : '',
    message: typeof message === 'string' ? firstLine(message) : '',
  };
}

/** Filters in front of the service (authentication, cross-site requests) put what they have to say behind the status: `403 org.apache...InvalidToken: words`. */
function ofReason(reason: string): RemoteExceptionBody | undefined {
  const [, javaClassName, message] = /^((?:[a-z]\w*\.)+[\w$]+): ?(.*)$/.exec(reason) ?? [];
  if (javaClassName === undefined || message === undefined) return undefined;
  return { exception: simpleName(javaClassName).slice(0, 200), javaClassName: javaClassName.slice(0, 300), message: firstLine(message) };
}

/** Java puts whole stack traces into messages; the first line says it. */
function firstLine(text: string): string {
  return text.split(/\r?\n/, 1)[0]!.slice(0, 1000);
}

export interface FailedAnswer {
  operation: string;
  path: string;
  status: number;
  /** What stands behind the status. */
  reason: string;
  /** As far as it was read. */
  body: string;
  /** Takes credentials out of a server's words. */
  redact: (text: string) => string;
}

/** The error of an answer with a status that says failure. */
export function errorOf(answer: FailedAnswer): WebHdfsError {
  const { operation, path, status } = answer;
  const remote = asRemoteException(answer.body) ?? ofReason(answer.reason);
  if (remote !== undefined) {
    const rule = ruleFor(remote);
    const failure: Failure & { status: number } = {
      operation,
      path,
      status,
      retriable: rule.retriable,
      mayHaveActed: !rule.untouched,
    };
    return new rule.type({ ...remote, message: answer.redact(remote.message) }, failure);
  }
  if (status === 401) {
    const words = {
      exception: 'AuthenticationException',
      javaClassName: '',
      message: 'the server wants another authentication (HTTP 401)',
    };
    return new AuthenticationError(words, { operation, path, status, retriable: false, mayHaveActed: false });
  }
  // A proxy or a server that is starting or stopping: 5xx without a RemoteException.
  const retriable = status === 429 || status >= 500;
  const said = /<title>([^<]{1,300})/i.exec(answer.body)?.[1]?.trim() ?? answer.reason.slice(0, 300);
  const words = `the server answered HTTP ${status} without a RemoteException: ${answer.redact(said)}`;
  return new ResponseError(words, { operation, path, status, retriable, mayHaveActed: status !== 429 && status >= 500 });
}
