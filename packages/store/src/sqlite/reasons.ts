/** Primary result codes (https://www.sqlite.org/rescode.html); the extended one has them in its lowest byte. */
const PRIMARY: Readonly<Record<number, string>> = {
  5: 'another process has been holding it for too long',
  8: 'it is read-only',
  10: 'the disk cannot be read or written',
  11: 'the file is damaged',
  13: 'the disk is full',
  14: 'the file cannot be opened',
  26: 'the file is not a database',
};

/** The shared memory beside the log could not grow, which it does by writing to the disk. */
const IOERR_SHMSIZE = 4_874;
const BUSY = 5;
const CONSTRAINT_FOREIGNKEY = 787;

const SYSTEM: Readonly<Record<string, string>> = {
  EACCES: 'there is no permission to open it',
  EPERM: 'there is no permission to open it',
  EROFS: 'it is on a read-only file system',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EEXIST: 'a part of its path is not a directory',
  ENOTDIR: 'a part of its path is not a directory',
  EISDIR: 'it is a directory',
  EMFILE: 'too many files are open',
};

/** Why SQLite or the system refused, in words; undefined when that is not known. */
export function sqliteReason(error: unknown): string | undefined {
  const code = codeOf(error);
  if (code === undefined) return error instanceof Error && 'code' in error ? SYSTEM[String(error.code)] : undefined;
  return code === IOERR_SHMSIZE ? PRIMARY[13] : PRIMARY[code & 0xff];
}

export function isBusy(error: unknown): boolean {
  return ((codeOf(error) ?? 0) & 0xff) === BUSY;
}

export function breaksReference(error: unknown): boolean {
  return codeOf(error) === CONSTRAINT_FOREIGNKEY;
}

function codeOf(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : undefined;
}
