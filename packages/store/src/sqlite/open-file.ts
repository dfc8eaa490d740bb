import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A short collision is waited for by SQLite, a longer one by `SqliteConnection`. */
const BUSY_TIMEOUT_MS = 20;

/** The file is for its owner only, also before SQLite writes to it; SQLite gives its side files the same mode. */
export function openFile(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
  return new DatabaseSync(path, { timeout: BUSY_TIMEOUT_MS });
}
