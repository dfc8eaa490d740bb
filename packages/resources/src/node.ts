/** What needs Node: files and SQLite. The package's index runs in a browser too. */
export { type ReadFilesOptions, readResourceFiles } from './files.ts';
export { SqliteResourceStore, type SqliteResourceStoreOptions } from './sqlite/store.ts';
