import { hostOfKey } from './service-key.ts';

/** Istio's name of a cluster for a port of a service, `outbound|9080|v1|reviews.default.svc.cluster.local`. */
export function outboundCluster(port: number, subset: string | undefined, host: string): string {
  return `outbound|${port}|${subset ?? ''}|${hostOfKey(host)}`;
}

/** The port of the service that an outbound cluster is for. */
export function portOfCluster(cluster: string): number {
  return Number(cluster.split('|', 2)[1]);
}

/** The server name that clients of such a cluster ask for in mutual TLS, as Istio forms it. */
export function outboundServerName(port: number, subset: string | undefined, host: string): string {
  return `outbound_.${port}_.${subset ?? ''}_.${hostOfKey(host)}`;
}

/** The cluster towards the program itself. */
export function inboundCluster(port: number): string {
  return `inbound|${port}||`;
}

/** An address as it stands in a Host header (RFC 3986, 3.2.2). */
export function hostOfAddress(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
