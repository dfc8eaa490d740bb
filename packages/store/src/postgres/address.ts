import { MeshwiseError } from '@meshwise/core';
import pg from 'pg';

export interface PostgresAddress {
  readonly url: string;
  /** For people, without user and password: `results at db.example:5432`. */
  readonly place: string;
}

/**
 * Reads `postgres://[user[:password]@]host[:port]/database[?sslmode=…]`. `sslmode` means what PostgreSQL's documentation says
 * (libpq-ssl): `require` encrypts, `verify-ca` and `verify-full` also ask who it is. Throws MW8102 that shows nothing of a URL
 * it cannot read, since there may be a password anywhere in it.
 */
export function readAddress(url: string): PostgresAddress {
  const [, authority, rest] = /^postgres(?:ql)?:\/\/([^/?#]*)(.*)$/is.exec(url) ?? [];
  if (authority === undefined || rest === undefined) {
    throw unreadable('it does not begin with postgres://');
  }
  if (rest.includes('@')) {
    throw unreadable('/, ?, # and @ in a user or a password have to be written as %2F, %3F, %23 and %40');
  }
  const withTls = /[?&]sslmode=/.test(rest) && !/[?&]uselibpqcompat=/.test(rest);
  const complete = withTls ? `${url}&uselibpqcompat=true` : url;
  try {
    const { host, port, database } = new pg.Client({ connectionString: complete });
    return {
      url: complete,
      place: `${database ?? 'its default'} at ${host.startsWith('/') ? host : `${host}:${port}`}`,
    };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') throw unreadable(error.message);
    throw unreadable('it is not a URL, or its options are not possible together');
  }
}

function unreadable(reason: string): MeshwiseError {
  return new MeshwiseError('MW8102', `The URL of the database cannot be used: ${reason}`);
}
