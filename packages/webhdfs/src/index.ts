/** A client of HDFS over HTTP: WebHDFS and HttpFS. */
export { WebHdfs, type AppendOptions, type CreateOptions, type OpenOptions, type ReadOptions } from './client.ts';
export type { RetryNotice, TlsOptions, WebHdfsOptions } from './options.ts';
export type { CallOptions } from './call.ts';
export type { Chunks, Data } from './http/upload.ts';
export type { Permission } from './permission.ts';
export type { Acls } from './acls.ts';
export type { DelegationTokens } from './delegation-tokens.ts';
export type { ErasureCoding } from './erasure-coding.ts';
export type { Quotas } from './quotas.ts';
export type { Snapshots } from './snapshots.ts';
export type { StoragePolicies } from './storage-policies.ts';
export type { XAttrs } from './xattrs.ts';
export * from './errors.ts';
export type * from './types.ts';
