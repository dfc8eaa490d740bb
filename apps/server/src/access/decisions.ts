import type { AccessDecision, AccessRequest as Asked } from '@meshwise/api';
import { type AccessMatrix, type AccessRequest, decide, type HttpAccessRequest } from '@meshwise/model';
import { findClients, findServers } from './find.ts';
import { accessView, clientName, ruleView } from './view.ts';

/** What would become of a request, at every port of every server that the question means, from every client. */
export function decisions(matrix: AccessMatrix, asked: Asked): AccessDecision[] {
  const view = accessView(matrix);
  const portsOf = new Map(view.servers.map((server, index) => [server, matrix.servers[index]?.ports ?? []]));
  const clientOf = new Map(view.clients.map((client, index) => [client, matrix.clients[index]]));
  const servers = findServers(
    view.servers.filter(({ namespace }) => asked.namespace === undefined || namespace === asked.namespace),
    asked.to,
  );
  return findClients(view.clients, asked.from).flatMap((client) => {
    const known = clientOf.get(client);
    if (known === undefined) return [];
    return servers.flatMap((server) =>
      (portsOf.get(server) ?? [])
        .filter(({ port }) => asked.port === undefined || port === asked.port)
        .map((port): AccessDecision => {
          const isHttp = port.protocol !== 'tcp' && port.protocol !== 'tls';
          const sent: AccessRequest = {
            port: port.port,
            ...(port.admission === 'nobody' ? {} : principalOf(known, matrix)),
            ...(isHttp ? { http: httpRequest(asked, port.serviceHost, port.port) } : {}),
          };
          const { verdict, status, reason, by } = decide(port.security, port.mutualTls, sent);
          return {
            ...{ client: clientName(known), server: `${server.namespace}/${server.name}`, port: port.port },
            ...{ verdict, status: status ?? null, reason, by: by.map(ruleView) },
          };
        }),
    );
  });
}

/** An identity that nothing has is one of the mesh that cannot be anybody's: these are no names of Kubernetes. */
function principalOf(
  { kind, principal }: AccessMatrix['clients'][number],
  { clients }: AccessMatrix,
): { readonly principal?: string } {
  const [trustDomain = ''] = clients[0]?.principal?.split('/') ?? [];
  if (kind === 'other') return { principal: `${trustDomain}/ns/?/sa/?` };
  return principal === undefined ? {} : { principal };
}

function httpRequest({ method, path, headers = {} }: Asked, host: string | undefined, port: number): HttpAccessRequest {
  const named = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const token = tokenOf(named.get('authorization'));
  return {
    ...{ method: (method ?? 'GET').toUpperCase(), path: path ?? '/', headers },
    host: named.get('host') ?? `${host?.split('.')[0] ?? 'localhost'}:${port}`,
    ...(token === undefined ? {} : { token }),
  };
}

/** What a bearer token says of itself (RFC 7519). Whether its signature and its times are right is not looked at. */
function tokenOf(authorization: string | undefined): HttpAccessRequest['token'] {
  const [, payload] = /^Bearer [\w-]+\.([\w-]+)\.[\w-]*$/i.exec(authorization ?? '') ?? [];
  if (payload === undefined)
    return /^Bearer /i.test(authorization ?? '') ? { bad: 'it is no JSON Web Token' } : undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    if (typeof claims === 'object' && claims !== null) return { claims: claims as Record<string, unknown> };
  } catch {
    // Said below.
  }
  return { bad: 'its payload cannot be read' };
}
