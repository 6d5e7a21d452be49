/** The operations of the REST API: the method of each, and whether it can be sent twice. */

export interface Operation {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Sent twice, it gives the same state and the same answer, so it is repeated when nobody knows whether the first was carried out. */
  idempotent: boolean;
}

function operations<const N extends string>(method: Operation['method'], idempotent: boolean, ...names: N[]): Record<N, Operation> {
  return Object.fromEntries(names.map((name) => [name, { method, idempotent }])) as Record<N, Operation>;
}

/** Left out of the repeatable ones: what answers differently or harms when it is done twice (APPEND, CONCAT, DELETE, RENAME, snapshots, tokens). */
export const OPERATIONS = {
  ...operations('GET', true, 'OPEN', 'GETFILESTATUS', 'LISTSTATUS', 'LISTSTATUS_BATCH', 'GETCONTENTSUMMARY', 'GETQUOTAUSAGE'),
  ...operations('GET', true, 'GETFILECHECKSUM', 'GETHOMEDIRECTORY', 'GETTRASHROOT', 'GETTRASHROOTS', 'CHECKACCESS', 'GETACLSTATUS'),
  ...operations('GET', true, 'GETXATTRS', 'LISTXATTRS', 'GETALLSTORAGEPOLICY', 'GETSTORAGEPOLICY', 'GETFILEBLOCKLOCATIONS'),
  ...operations('GET', true, 'GETECPOLICY', 'GETECPOLICIES', 'GETECCODECS', 'GETSERVERDEFAULTS', 'GETSTATUS', 'GETLINKTARGET'),
  ...operations(
    'GET',
    true,
    'GETFILELINKSTATUS',
    'GETSNAPSHOTDIFF',
    'GETSNAPSHOTDIFFLISTING',
    'GETSNAPSHOTTABLEDIRECTORYLIST',
    'GETSNAPSHOTLIST',
  ),
  ...operations('GET', false, 'GETDELEGATIONTOKEN'),
  ...operations('PUT', true, 'MKDIRS', 'SETREPLICATION', 'SETOWNER', 'SETPERMISSION', 'SETTIMES', 'SETQUOTA', 'SETQUOTABYSTORAGETYPE'),
  ...operations('PUT', true, 'MODIFYACLENTRIES', 'REMOVEACLENTRIES', 'REMOVEDEFAULTACL', 'REMOVEACL', 'SETACL', 'SETSTORAGEPOLICY'),
  ...operations('PUT', true, 'SATISFYSTORAGEPOLICY', 'SETECPOLICY', 'ENABLEECPOLICY', 'DISABLEECPOLICY', 'ALLOWSNAPSHOT'),
  ...operations('PUT', true, 'DISALLOWSNAPSHOT', 'RENEWDELEGATIONTOKEN'),
  ...operations('PUT', false, 'CREATE', 'CREATESYMLINK', 'RENAME', 'SETXATTR', 'REMOVEXATTR', 'CREATESNAPSHOT', 'RENAMESNAPSHOT'),
  ...operations('PUT', false, 'CANCELDELEGATIONTOKEN'),
  ...operations('POST', true, 'UNSETSTORAGEPOLICY', 'UNSETECPOLICY'),
  ...operations('POST', false, 'APPEND', 'CONCAT', 'TRUNCATE'),
  ...operations('DELETE', false, 'DELETE', 'DELETESNAPSHOT'),
} satisfies Record<string, Operation>;

export type OperationName = keyof typeof OPERATIONS;
