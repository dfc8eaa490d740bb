import type { Facts } from './conditions.ts';
import { ANYTHING, just, type KnownText, NOTHING, SOMETHING } from './known-text.ts';
import { identityPart } from './principal.ts';

/** What somebody sends to a server. What is absent of a connection is not known, what is absent of a request is not there. */
export interface AccessRequest {
  /** `cluster.local/ns/default/sa/productpage`, proven by mutual TLS. Absent: plain text. */
  readonly principal?: string;
  /** Where the connection comes from. */
  readonly sourceIp?: string;
  /** The original client, where it is another. */
  readonly remoteIp?: string;
  readonly destinationIp?: string;
  /** Where the program listens. */
  readonly port: number;
  /** Of the TLS handshake. */
  readonly serverName?: string;
  /** Absent: bytes that are no HTTP. */
  readonly http?: HttpAccessRequest;
}

export interface HttpAccessRequest {
  readonly method: string;
  /** As the proxy has it, without `..` and `.`; whether with a query does not matter. */
  readonly path: string;
  readonly host: string;
  /** Names in any case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Claims of a token whose signature and times are right, or why the token is not. Absent: no token. */
  readonly token?: { readonly claims: Readonly<Record<string, unknown>> } | { readonly bad: string };
}

/** `claims`: of a token that the server has verified. */
export function factsOfRequest(request: AccessRequest, claims: Readonly<Record<string, unknown>> | undefined): Facts {
  const { http } = request;
  const headers = new Map(
    Object.entries(http?.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const),
  );
  return (condition) => {
    switch (condition.of) {
      case 'principal':
        return just(request.principal);
      case 'namespace':
      case 'service-account':
        return identityPart(condition.of, just(request.principal));
      case 'request-principal':
        return just(requestPrincipal(claims));
      case 'audience':
        return texts(claims?.['aud']);
      case 'presenter':
        return texts(claims?.['azp']);
      case 'claim':
        return texts(condition.path.reduce<unknown>(member, claims));
      case 'host':
        return just(http?.host.toLowerCase());
      case 'method':
        return just(http?.method);
      case 'path':
        return just(http?.path.replace(/[?#].*$/s, ''));
      case 'header':
        return just(headers.get(condition.name.toLowerCase()));
      case 'server-name':
        return request.serverName === undefined ? ANYTHING : just(request.serverName);
      case 'source-ip':
        return known(request.sourceIp);
      case 'remote-ip':
        return known(request.remoteIp ?? request.sourceIp);
      case 'destination-ip':
        return known(request.destinationIp);
      case 'destination-port':
        return just(String(request.port));
      case 'metadata':
        return ANYTHING;
    }
  };
}

function known(address: string | undefined): KnownText {
  return address === undefined ? SOMETHING : just(address);
}

function requestPrincipal(claims: Readonly<Record<string, unknown>> | undefined): string | undefined {
  const { iss, sub } = claims ?? {};
  return typeof iss === 'string' && typeof sub === 'string' ? `${iss}/${sub}` : undefined;
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

/** Texts, and lists of texts; conditions cannot look at anything else. */
function texts(value: unknown): KnownText {
  if (typeof value === 'string') return just(value);
  if (!Array.isArray(value)) return NOTHING;
  return { values: value.filter((one): one is string => typeof one === 'string') };
}
