import type { Protocol } from '@meshwise/model';

const byName: Readonly<Record<string, Protocol>> = {
  http: 'http',
  http2: 'http2',
  grpc: 'grpc',
  // The server's proxy makes gRPC of it.
  'grpc-web': 'grpc',
  tcp: 'tcp',
  // Encrypted by the applications themselves: the proxies see the server name, and bytes.
  tls: 'tls',
  https: 'tls',
  // Known to Istio, which also passes their bytes on unless experimental filters are switched on.
  mongo: 'tcp',
  mysql: 'tcp',
  redis: 'tcp',
};

/** Values of `appProtocol` that Kubernetes itself defines (KEP-3726). */
const standardNames: Readonly<Record<string, Protocol>> = {
  'kubernetes.io/h2c': 'http2',
  'kubernetes.io/ws': 'http',
  'kubernetes.io/wss': 'tls',
};

/** Ports on which Istio takes a port without declaration for TCP, since the server speaks first: SMTP, DNS, MySQL, MongoDB. */
const serverFirstPorts: readonly number[] = [25, 53, 3306, 27017];

/** Istio takes the word for the transport, and leaves such a port alone. */
export function declaresUdp(name: string, appProtocol: string | undefined): boolean {
  return /^udp(?:-|$)/i.test(appProtocol ?? name);
}

/**
 * The protocol a service port declares, as Istio documents protocol selection: by `appProtocol`, else by the part of its
 * name before the first hyphen. Undefined when nothing is declared.
 */
export function declaredProtocol(name: string, appProtocol: string | undefined, port: number): Protocol | undefined {
  if (appProtocol !== undefined && Object.hasOwn(standardNames, appProtocol)) return standardNames[appProtocol];
  const text = (appProtocol ?? name).toLowerCase();
  const prefix = text.startsWith('grpc-web') ? 'grpc-web' : (text.split('-', 1)[0] ?? '');
  if (Object.hasOwn(byName, prefix)) return byName[prefix];
  return serverFirstPorts.includes(port) ? 'tcp' : undefined;
}
