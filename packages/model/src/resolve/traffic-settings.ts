import type { TrafficSettings } from '../model/policy.ts';
import { defined } from '../reading/defined.ts';

/** What is said about one port, of a destination or of one of its subsets. */
export type PortSettings = Omit<TrafficSettings, 'ports'>;

/**
 * Settings of a destination for one of its ports. Those that are written for the port take the place of all others:
 * what they leave out has its default (Istio, TrafficPolicy `portLevelSettings`).
 */
export function settingsOfPort(settings: TrafficSettings, port: number): PortSettings {
  const { ports, ...all } = settings;
  return ports?.find((entry) => entry.port === port)?.settings ?? all;
}

/**
 * Settings of a subset for a port: each block that the subset has takes the place of the destination's as a whole, the
 * others are inherited. If the subset speaks of the port itself, its balancer, pool, outlier detection and TLS are the
 * port's or none; the rest is inherited still (Istio, Subset `trafficPolicy`). A tunnel is never inherited.
 */
export function settingsOfSubset(destination: TrafficSettings, subset: TrafficSettings, port: number): PortSettings {
  const outer = settingsOfPort(destination, port);
  const inner = settingsOfPort(subset, port);
  const isOfPort = subset.ports?.some((entry) => entry.port === port) === true;
  const block = <K extends keyof PortSettings>(name: K): PortSettings[K] =>
    isOfPort ? inner[name] : (inner[name] ?? outer[name]);
  const pool = isOfPort || inner.connectionPool !== undefined ? inner : outer;
  return defined({
    tls: block('tls'),
    loadBalancer: block('loadBalancer'),
    outlierDetection: block('outlierDetection'),
    connectTimeoutMs: pool.connectTimeoutMs,
    connectionPool: pool.connectionPool,
    retryBudget: inner.retryBudget ?? outer.retryBudget,
    proxyProtocol: inner.proxyProtocol ?? outer.proxyProtocol,
    tunnel: subset.tunnel,
  });
}
