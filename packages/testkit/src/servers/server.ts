/** A real server on a loopback port. Its data outlives `kill`, `stop` and `restart`; it is removed at the end of the test, unless the test gave the folder. */
export interface Server {
  /** What a client is given. */
  readonly url: string;
  readonly port: number;
  /** Holds data, logs. */
  readonly workDirectory: string;
  /** Of the programs that run now; they change with a restart. */
  readonly pids: readonly number[];
  /** SIGSTOP: the port accepts and nothing answers. */
  pause(): void;
  /** SIGCONT. */
  resume(): void;
  /** SIGKILL: a crash. Resolves when it is gone. */
  kill(): Promise<void>;
  /** A clean stop. Resolves when it is gone. */
  stop(): Promise<void>;
  /** Stops it when it runs, and starts it on the same port and data. Resolves when it takes work. */
  restart(): Promise<void>;
}

/** What every server's start takes. */
export interface ServerOptions {
  /** Default: a free one. */
  readonly port?: number;
  /** Default: a temporary one. */
  readonly workDirectory?: string;
  /** Of each JVM, as `512m`. Default: the variable HEAP, else the server's own. */
  readonly heap?: string;
  /** For benches: all of Java's compilers. Default: only the quick one, with which a server starts in half the CPU time. */
  readonly longRunning?: boolean;
}
