import type { Protocol } from '@meshwise/model';

const protocols: Readonly<Record<string, Protocol>> = {
  HTTP: 'http',
  HTTP2: 'http2',
  GRPC: 'grpc',
  // Carried over HTTP/2 between proxies, like gRPC, but its messages are not gRPC's.
  'GRPC-WEB': 'http2',
  HTTPS: 'tls',
  TLS: 'tls',
  TCP: 'tcp',
  // Known to Istio, which passes their bytes on unless experimental filters are switched on.
  MONGO: 'tcp',
  MYSQL: 'tcp',
  REDIS: 'tcp',
};

/** `protocol` of a port of a ServiceEntry or Sidecar; unset: the first bytes decide. Undefined when it is none of Istio's. */
export function protocolOfPort(text: string | undefined): Protocol | undefined {
  if (text === undefined || text === '') return 'auto';
  const name = text.toUpperCase();
  return Object.hasOwn(protocols, name) ? protocols[name] : undefined;
}
