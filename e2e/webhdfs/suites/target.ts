import type { WebHdfs } from '@meniscus/webhdfs';

/** A real server that a suite is run against. */
export interface Target {
  kind: 'webhdfs' | 'httpfs';
  url: string;
  /** The name of the superuser. */
  superuser: string;
  /** Of the superuser. */
  hdfs: WebHdfs;
  /** Of an account that owns nothing. */
  other: WebHdfs;
  /** Where the suite may write. It exists, and belongs to the superuser. */
  directory: string;
}
