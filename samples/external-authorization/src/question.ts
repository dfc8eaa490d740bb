/**
 * How Envoy asks by HTTP (ext_authz, `http_service`): a request with the method, the path and some headers of the one that it is
 * about. 200 lets that one in; 5xx means that nobody has decided; anything else refuses it, and is its answer.
 */
import type { IncomingMessage } from 'node:http';

/** Before every path that is asked about (`pathPrefix` in mesh-config.yaml). */
const PREFIX = '/check';

/**
 * The path that is asked about; undefined for what is no question. Without the prefix, somebody who asks for `/ready` in the mesh
 * would be let in by the answer to a probe.
 */
export function pathAsked({ url = '' }: IncomingMessage): string | undefined {
  return url.startsWith(`${PREFIX}/`) ? url.slice(PREFIX.length) : undefined;
}

export function isProbe({ url }: IncomingMessage): boolean {
  return url === '/ready';
}
