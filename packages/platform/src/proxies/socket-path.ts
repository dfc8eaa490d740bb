import { join } from 'node:path';
import { MeshwiseError } from '@meshwise/core';

/** sun_path holds 108 bytes with its end (unix(7)). */
const MAX_SOCKET_PATH = 107;

/** The path of a Unix socket. Throws MW3203 when it is longer than such a path can be. */
export function socketPath(directory: string, name: string): string {
  const path = join(directory, name);
  if (Buffer.byteLength(path) > MAX_SOCKET_PATH) {
    throw new MeshwiseError('MW3203', `${path} is longer than a socket path can be`, {
      found: `${Buffer.byteLength(path)} bytes`,
      expected: `at most ${MAX_SOCKET_PATH}`,
    });
  }
  return path;
}
