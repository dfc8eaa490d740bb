import { MeshwiseError } from '@meshwise/core';

/** What a user wrote as a target, taken apart. */
export type Target =
  | { readonly kind: 'url'; readonly url: URL }
  | {
      readonly kind: 'service';
      readonly name: string;
      readonly namespace: string;
      /** A number, or the name of a port; the first that speaks HTTP when absent. */
      readonly port: string | undefined;
      readonly path: string;
    };

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const SERVICE = new RegExp(
  `^(?<name>${LABEL})(?:\\.(?<namespace>${LABEL})(?:\\.svc(?:\\.cluster\\.local)?)?)?(?::(?<port>[a-z0-9-]{1,63}))?(?<path>[/?].*)?$`,
);

/**
 * Takes `https://host/path` or `service[.namespace][:port]/path` apart. A name without a scheme is always a service: whether
 * there is one, is for `findService` to say. Throws MW8002 for anything else.
 */
export function parseTarget(text: string): Target {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return { kind: 'url', url: parseUrl(text) };
  const groups = SERVICE.exec(text)?.groups;
  if (groups === undefined) {
    throw new MeshwiseError('MW8002', `${text} is neither a URL nor a service`, {
      found: text,
      expected: 'http://…, https://… or service[.namespace][:port]/path',
    });
  }
  const { name = '', namespace = 'default', port, path = '/' } = groups;
  return { kind: 'service', name, namespace, port, path: path.startsWith('/') ? path : `/${path}` };
}

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && (url.protocol === 'http:' || url.protocol === 'https:')) return url;
  throw new MeshwiseError('MW8002', `${text} is no URL that load can be sent to`, {
    found: text,
    expected: 'http://… or https://…',
  });
}
