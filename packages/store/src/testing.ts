/** For the tests of this package and of whoever keeps results in a database. */
export { findPostgres, startPostgres, type TestPostgres } from './testing/postgres.ts';
