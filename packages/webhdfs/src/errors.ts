/** What can go wrong, one class per thing a caller reacts to differently. No text of these errors holds a credential. */

/** What failed, for the message and for the decision whether to try again. */
export interface Failure {
  /** The operation, as the REST API names it: `CREATE`. */
  operation: string;
  path: string;
  /** The same call may succeed later without any change. */
  retriable: boolean;
  /** The server may have carried the operation out although the call failed. False: it surely has not. */
  mayHaveActed: boolean;
}

/** Paths and the words of servers end in logs: no control character of theirs does. */
function printable(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The base of everything this client throws, but for a `TypeError` of a wrong argument, the reason of an aborted signal and the errors of a caller's own stream. */
export class WebHdfsError extends Error {
  override name = 'WebHdfsError';
  readonly operation: string;
  readonly path: string;
  /** The same call may succeed later without any change: a server was unreachable, silent, standby, starting, or without DataNodes. */
  readonly retriable: boolean;
  /** The server may have carried the operation out although the call failed. */
  readonly mayHaveActed: boolean;

  constructor(message: string, failure: Failure, options?: ErrorOptions) {
    super(printable(`cannot ${failure.operation} ${failure.path}: ${message}`), options);
    this.operation = failure.operation;
    this.path = failure.path;
    this.retriable = failure.retriable;
    this.mayHaveActed = failure.mayHaveActed;
  }
}

/** Which server of the two steps an error is about: the one of the configured URLs, or the one that it named. */
export type Peer = 'namenode' | 'datanode';

/** No connection could be made, or it broke. */
export class ConnectionError extends WebHdfsError {
  override name = 'ConnectionError';
  readonly peer: Peer;

  constructor(message: string, failure: Failure & { peer: Peer }, options?: ErrorOptions) {
    super(message, failure, options);
    this.peer = failure.peer;
  }
}

/** A server took the connection or the request and then said nothing for `timeoutMs`. */
export class TimeoutError extends ConnectionError {
  override name = 'TimeoutError';
}

/** An answer that is none of WebHDFS: not JSON, too long, without the expected field, or a redirect that must not be followed. */
export class ResponseError extends WebHdfsError {
  override name = 'ResponseError';
  /** HTTP status. */
  readonly status: number;

  constructor(message: string, failure: Failure & { status: number }, options?: ErrorOptions) {
    super(message, failure, options);
    this.status = failure.status;
  }
}

/** The server carried nothing out and gave no reason: it answered `{"boolean": false}` to MKDIRS or RENAME. */
export class RefusedError extends WebHdfsError {
  override name = 'RefusedError';
}

/** What a server says about a failure. */
export interface RemoteExceptionBody {
  /** Simple name of the Java class: `FileNotFoundException`. */
  exception: string;
  /** Full name of the Java class; empty when the server left it out. */
  javaClassName: string;
  message: string;
}

/** A server's `RemoteException`. The name of the exception decides about the class: HttpFS answers 500 where a NameNode says 403 or 400. */
export class RemoteError extends WebHdfsError {
  override name = 'RemoteError';
  /** HTTP status. */
  readonly status: number;
  readonly exception: string;
  readonly javaClassName: string;

  constructor(remote: RemoteExceptionBody, failure: Failure & { status: number }) {
    super(`${remote.exception}: ${remote.message}`, failure);
    this.status = failure.status;
    this.exception = remote.exception;
    this.javaClassName = remote.javaClassName;
  }
}

/** The path, or the parent of the path, does not exist. */
export class FileNotFoundError extends RemoteError {
  override name = 'FileNotFoundError';
}

/** The path exists already. */
export class FileExistsError extends RemoteError {
  override name = 'FileExistsError';
}

/** The user may not do this. */
export class AccessDeniedError extends RemoteError {
  override name = 'AccessDeniedError';
}

/** The server does not know who is asking: no or a wrong user, an expired or cancelled delegation token, or Kerberos is wanted. */
export class AuthenticationError extends RemoteError {
  override name = 'AuthenticationError';
}

/** A quota of names or of space is used up. */
export class QuotaExceededError extends RemoteError {
  override name = 'QuotaExceededError';
}

/** The name node is not the active one. With several URLs it is only thrown when none of them is active. */
export class StandbyError extends RemoteError {
  override name = 'StandbyError';
}

/** Not now: safe mode, starting up, too busy, no DataNode to be had. */
export class UnavailableError extends RemoteError {
  override name = 'UnavailableError';
}

/** The server does not know or does not support the operation. */
export class UnsupportedError extends RemoteError {
  override name = 'UnsupportedError';
}
