/** What is built from each Go module of this folder, and which files of the modules a running cluster needs beside its programs. */
export interface ToolModule {
  /** Folder with go.mod and go.sum. */
  readonly folder: 'kube' | 'istio' | 'gateway-api';
  /** Package → name of the program, where Go would call it something else. */
  readonly programs: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
  /** Linker values `-X name=value`; `$VERSION` stands for the version of `module`. */
  readonly values: Readonly<Record<string, string>>;
  readonly module: string;
  /** File in the module → name in the cache. */
  readonly files: Readonly<Record<string, string>>;
}

const KUBE_VERSION = 'k8s.io/component-base/version';

/** Kinds of the Gateway API that istiod reads, with their experimental fields. */
export const GATEWAY_API_PLURALS: readonly string[] = [
  ...['gatewayclasses', 'gateways', 'httproutes', 'grpcroutes', 'tlsroutes', 'tcproutes'],
  ...['referencegrants', 'backendtlspolicies'],
];

/** Name in the cache of the definition of a kind. */
export function gatewayApiCrdFile(plural: string): string {
  return `gateway-api-${plural}.yaml`;
}

export const TOOL_MODULES: readonly ToolModule[] = [
  {
    folder: 'istio',
    module: 'istio.io/istio',
    programs: {
      'istio.io/istio/pilot/cmd/pilot-discovery': 'pilot-discovery',
      'istio.io/istio/pilot/cmd/pilot-agent': 'pilot-agent',
    },
    tags: ['vtprotobuf', 'disable_pgv'],
    values: { 'istio.io/istio/pkg/version.buildVersion': '1.31-dev' },
    files: {
      'manifests/charts/base/files/crd-all.gen.yaml': 'istio-crds.yaml',
      'tools/packaging/common/envoy_bootstrap.json': 'envoy-bootstrap.tmpl.json',
    },
  },
  {
    folder: 'kube',
    module: 'k8s.io/kubernetes',
    programs: { 'go.etcd.io/etcd/server/v3': 'etcd', 'k8s.io/kubernetes/cmd/kube-apiserver': 'kube-apiserver' },
    tags: [],
    // Clients read the version that the API server tells; without these it says v0.0.0.
    values: {
      [`${KUBE_VERSION}.gitVersion`]: '$VERSION',
      [`${KUBE_VERSION}.gitMajor`]: '1',
      [`${KUBE_VERSION}.gitMinor`]: '36',
      [`${KUBE_VERSION}.gitTreeState`]: 'clean',
    },
    files: {},
  },
  {
    folder: 'gateway-api',
    module: 'sigs.k8s.io/gateway-api',
    programs: {},
    tags: [],
    values: {},
    files: Object.fromEntries(
      GATEWAY_API_PLURALS.map((plural) => [
        `config/crd/experimental/gateway.networking.k8s.io_${plural}.yaml`,
        gatewayApiCrdFile(plural),
      ]),
    ),
  },
];

/** Everything that a complete build has. */
export const BUILT: readonly string[] = TOOL_MODULES.flatMap(({ programs, files }) => [
  ...Object.values(programs),
  ...Object.values(files),
]);
