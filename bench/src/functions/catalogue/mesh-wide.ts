import type { TrafficFunction } from '../function.ts';
import { OUTSIDER, PROBE } from '../probe/manifests.ts';
import { CLUSTER } from '../probe/probes.ts';

/** What is said of workloads and ports rather than of requests. */
export const MESH_WIDE: readonly TrafficFunction[] = [
  {
    name: 'EnvoyFilter with Lua (one response header)',
    on: `apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: { name: bench-lua }
spec:
  configPatches:
    - applyTo: HTTP_FILTER
      match:
        context: SIDECAR_OUTBOUND
        listener: { filterChain: { filter: { name: envoy.filters.network.http_connection_manager } } }
      patch:
        operation: INSERT_FIRST
        value:
          name: bench.lua
          typed_config:
            "@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua
            default_source_code:
              inline_string: |
                function envoy_on_response(handle)
                  handle:headers():add("x-bench-lua", "on")
                end
`,
    evidence: async (probes) =>
      (await probes.askOnce()).headers['x-bench-lua'] === 'on' ? 'the response has the header' : undefined,
  },
  {
    name: 'mutual TLS: STRICT against PERMISSIVE',
    on: `apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: bench }
spec:
  selector: { matchLabels: { app: details } }
  mtls: { mode: STRICT }
`,
    evidence: async (probes) => {
      const [inside, outside] = await Promise.all([probes.askOnce(), probes.askPlainly()]);
      return inside.status === 200 && outside.status !== 200 ? 'who speaks plainly is refused' : undefined;
    },
  },
  {
    name: 'Sidecar scope (2 services instead of all)',
    on: `apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: default }
spec:
  egress:
    - hosts: ["./details.default.svc.cluster.local", "./${PROBE}.default.svc.cluster.local", "./${OUTSIDER}.default.svc.cluster.local"]
`,
    evidence: async (probes) => {
      const names = [...(await probes.stats(PROBE, 'cluster.outbound|')).keys()];
      const isThere = (begin: string) => names.some((name) => name.startsWith(begin));
      const other = 'cluster.outbound|9080||ratings.';
      return isThere(CLUSTER) && !isThere(other) ? 'the sidecar has no cluster of ratings' : undefined;
    },
  },
  {
    name: 'protocol detection (a port’s name that says none) against declared HTTP',
    on: `apiVersion: v1
kind: Service
metadata: { name: details, labels: { app: details, service: details } }
spec:
  selector: { app: details }
  ports: [{ name: web, port: 9080 }]
`,
    evidence: async (probes) => {
      const { status } = await probes.askOnce();
      const cluster = await probes.configuration(
        PROBE,
        '?resource=dynamic_active_clusters&name_regex=.*9080..details.*',
      );
      return status === 200 && cluster.includes('use_downstream_protocol_config')
        ? 'the sidecar speaks what its client speaks'
        : undefined;
    },
  },
];
