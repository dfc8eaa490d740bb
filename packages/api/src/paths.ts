/**
 * Where each operation lives. `{…}` are path parameters.
 *
 * The stream is one server-sent event source per tab: `event: status` carries a whole StatusView, at most once a second
 * and only when something changed; its `id` grows, and `Last-Event-ID` resumes. `event: runs` carries the load tests that go on
 * (LiveRuns), twice a second while there are any and once more when the last has ended. `event: ping` every 10 s keeps it alive.
 */
export const PATHS = {
  status: '/api/v1/status',
  stream: '/api/v1/stream',
  session: '/api/v1/session',
  sessionToken: '/api/v1/session/token',
  apply: '/api/v1/apply',
  diff: '/api/v1/diff',
  delete: '/api/v1/delete',
  resources: '/api/v1/resources',
  revisions: '/api/v1/revisions',
  rollback: '/api/v1/rollback',
  logs: '/api/v1/logs',
  tap: '/api/v1/tap',
  proxyConfig: '/api/v1/proxies/config',
  proxyRestart: '/api/v1/proxies/restart',
  proxyAttach: '/api/v1/proxies/attach',
  perfPlan: '/api/v1/perf/plan',
  perfRuns: '/api/v1/perf/runs',
  perfRun: '/api/v1/perf/runs/{id}',
  perfStop: '/api/v1/perf/runs/{id}/stop',
  perfCompare: '/api/v1/perf/compare',
  perfExport: '/api/v1/perf/runs/{id}/export',
  perfExperiments: '/api/v1/perf/experiments',
  perfExperiment: '/api/v1/perf/experiments/{id}',
  perfExperimentStop: '/api/v1/perf/experiments/{id}/stop',
  perfExperimentExport: '/api/v1/perf/experiments/{id}/export',
  shifts: '/api/v1/shifts',
  shiftTargets: '/api/v1/shifts/targets',
  shiftReview: '/api/v1/shifts/review',
  shift: '/api/v1/shifts/{namespace}/{name}',
  shiftAction: '/api/v1/shifts/{namespace}/{name}/action',
  access: '/api/v1/access',
  accessRequest: '/api/v1/access/request',
  identities: '/api/v1/identity',
  identity: '/api/v1/identity/certificate',
  identityRevoke: '/api/v1/identity/revoke',
  identityReadmit: '/api/v1/identity/readmit',
  identityExport: '/api/v1/identity/export',
  identityRotation: '/api/v1/identity/rotation',
  identityRotate: '/api/v1/identity/rotation/step',
  shutdown: '/api/v1/shutdown',
  /** Where Prometheus looks unless told otherwise. */
  metrics: '/metrics',
  /** As an aggregated API of Kubernetes would have them (SMI, TrafficMetrics). */
  trafficMetrics: '/apis/metrics.smi-spec.io/v1alpha1',
  trafficMetricsOfAll: '/apis/metrics.smi-spec.io/v1alpha1/{resources}',
  trafficMetricsOfNamespace: '/apis/metrics.smi-spec.io/v1alpha1/namespaces/{namespace}',
  /** `edges` is no kind: it means the edges of the namespace. */
  trafficMetricsIn: '/apis/metrics.smi-spec.io/v1alpha1/namespaces/{namespace}/{resources}',
  trafficMetricsOf: '/apis/metrics.smi-spec.io/v1alpha1/namespaces/{namespace}/{resources}/{name}',
  trafficMetricsEdges: '/apis/metrics.smi-spec.io/v1alpha1/namespaces/{namespace}/{resources}/{name}/edges',
} as const;
