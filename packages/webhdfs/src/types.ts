/** What the server answers, as it answers it. Times are milliseconds since 1970, sizes are bytes, permissions are octal text. */

export type FileType = 'FILE' | 'DIRECTORY' | 'SYMLINK';

export interface FileStatus {
  /** The name below the listed directory; empty for the path itself. */
  pathSuffix: string;
  type: FileType;
  /** 0 for a directory. */
  length: number;
  owner: string;
  group: string;
  /** Octal, such as `644`. */
  permission: string;
  accessTime: number;
  modificationTime: number;
  blockSize: number;
  replication: number;
  childrenNum?: number;
  fileId?: number;
  storagePolicy?: number;
  symlink?: string;
  aclBit?: boolean;
  encBit?: boolean;
  ecBit?: boolean;
  ecPolicy?: string;
  snapshotEnabled?: boolean;
}

/** What is used of the quota of one kind of storage. */
export interface TypeQuota {
  consumed: number;
  quota: number;
}

/** No quota is -1, and the largest `long` (about 9.2e18) for names. */
export interface ContentSummary {
  directoryCount: number;
  fileCount: number;
  length: number;
  quota: number;
  spaceConsumed: number;
  spaceQuota: number;
  typeQuota?: Record<string, TypeQuota>;
  ecPolicy?: string;
  snapshotDirectoryCount?: number;
  snapshotFileCount?: number;
  snapshotLength?: number;
  snapshotSpaceConsumed?: number;
}

export interface QuotaUsage {
  fileAndDirectoryCount: number;
  quota: number;
  spaceConsumed: number;
  spaceQuota: number;
  typeQuota?: Record<string, TypeQuota>;
}

export interface FileChecksum {
  /** `MD5-of-0MD5-of-512CRC32C`: two files compare only when they were written with the same block and checksum sizes. */
  algorithm: string;
  /** Hexadecimal. */
  bytes: string;
  length: number;
}

export interface BlockLocation {
  offset: number;
  length: number;
  corrupt: boolean;
  hosts: string[];
  /** `address:port` of each DataNode. */
  names: string[];
  cachedHosts: string[];
  storageTypes?: string[];
  topologyPaths: string[];
}

/** Of the whole file system, in bytes. */
export interface FsStatus {
  capacity: number;
  used: number;
  remaining: number;
}

export interface ServerDefaults {
  blockSize: number;
  bytesPerChecksum: number;
  checksumType: number;
  defaultStoragePolicyId: number;
  encryptDataTransfer: boolean;
  fileBufferSize: number;
  keyProviderUri: string;
  replication: number;
  trashInterval: number;
  writePacketSize: number;
}

export interface AclStatus {
  owner: string;
  group: string;
  permission: string;
  stickyBit: boolean;
  /** `user:carla:rw-`, `default:group::r-x`; without those that the permission stands for. */
  entries: string[];
}

export interface StoragePolicy {
  id: number;
  name: string;
  storageTypes: string[];
  creationFallbacks: string[];
  replicationFallbacks: string[];
  copyOnCreateFile: boolean;
}

export interface ErasureCodingPolicy {
  name: string;
  id: number;
  cellSize: number;
  codecName: string;
  numDataUnits: number;
  numParityUnits: number;
  replicationPolicy: boolean;
  systemPolicy: boolean;
  schema: { codecName: string; numDataUnits: number; numParityUnits: number; extraOptions: Record<string, string> };
}

export interface ErasureCodingPolicyInfo {
  state: 'ENABLED' | 'DISABLED' | 'REMOVED';
  policy: ErasureCodingPolicy;
}

export interface SnapshotDiff {
  snapshotRoot: string;
  fromSnapshot: string;
  toSnapshot: string;
  diffList: { type: 'CREATE' | 'DELETE' | 'MODIFY' | 'RENAME'; sourcePath: string; targetPath?: string }[];
}

/** One change of a difference that is listed in parts. Paths are relative to the root of the snapshot. */
export interface SnapshotDiffEntry {
  change: 'create' | 'delete' | 'modify';
  sourcePath: string;
  /** Where a deleted entry was moved to. */
  targetPath?: string | undefined;
  dirId: number;
  fileId: number;
  isReference: boolean;
}

export interface SnapshottableDirectory {
  dirStatus: FileStatus;
  parentFullPath: string;
  snapshotNumber: number;
  snapshotQuota: number;
}

export interface Snapshot {
  dirStatus: FileStatus;
  fullPath: string;
  snapshotID: number;
  deletionStatus: string;
}

/** A directory of deleted files, in the words of Hadoop's other JSON: not those of a FileStatus. */
export interface TrashRoot {
  path: string;
  owner: string;
  group: string;
  permission: string;
  isdir: boolean;
  length: number;
  blocksize: number;
  block_replication: number;
  access_time: number;
  modification_time: number;
}
