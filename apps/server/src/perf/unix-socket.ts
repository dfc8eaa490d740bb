import { MeshwiseError } from '@meshwise/core';
import type { LoadInput } from '@meshwise/load';

/**
 * The daemon sends no load to Unix sockets: what it may connect to is more than what a page, or whoever has the token, should reach
 * through it. Those of this mesh are keys of proxies and consoles of Envoy, others are of the system, and as root it may
 * open them all. A path that was looked at may be another one a moment later, so none is told from the others. Throws MW8001.
 */
export function refuseUnixSocket({ unixSocketPath }: LoadInput): void {
  if (unixSocketPath === undefined || unixSocketPath === null) return;
  throw new MeshwiseError('MW8001', 'the daemon sends no load to Unix sockets', {
    field: 'load.unixSocketPath',
    found: unixSocketPath,
    expected: 'none',
    advice: 'Use `meshwise perf run` with --unix-socket and a URL: it connects by itself, with your own rights.',
  });
}
