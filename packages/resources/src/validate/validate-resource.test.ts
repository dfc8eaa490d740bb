import { describe, expect, it } from 'vitest';
import { parseResources } from '../parse.ts';
import { validateResource } from './validate-resource.ts';

function problemsOf(text: string) {
  const { resources, problems } = parseResources(text, { file: 'in.yaml' });
  return [...problems, ...resources.flatMap(validateResource)];
}

const bookShop = `
apiVersion: v1
kind: Service
metadata: {name: shop, labels: {app: shop, service: shop}}
spec:
  ports:
  - {port: 9080, name: http}
  selector: {app: shop}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: shop-account, labels: {account: shop}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: shop-v1, labels: {app: shop, version: v1}}
spec:
  replicas: 1
  selector: {matchLabels: {app: shop, version: v1}}
  template:
    metadata:
      annotations: {prometheus.io/scrape: "true", prometheus.io/port: "9080"}
      labels: {app: shop, version: v1}
    spec:
      serviceAccountName: shop-account
      containers:
      - name: shop
        image: example.org/shop:1.0
        imagePullPolicy: IfNotPresent
        env: [{name: LOG_DIR, value: /tmp/logs}]
        ports: [{containerPort: 9080}]
        volumeMounts: [{name: tmp, mountPath: /tmp}]
        readinessProbe: {httpGet: {path: /health, port: 9080}}
        resources: {limits: {cpu: 100m, memory: 1Gi}}
      volumes: [{name: tmp, emptyDir: {}}]
---
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: shop-gateway}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 8080, name: http, protocol: HTTP}
    hosts: ["*"]
---
apiVersion: networking.istio.io/v1beta1
kind: VirtualService
metadata: {name: shop}
spec:
  hosts: ["*"]
  gateways: [shop-gateway]
  http:
  - match:
    - uri: {exact: /productpage}
    - headers: {end-user: {exact: jason}}
    fault:
      delay: {percentage: {value: 100.0}, fixedDelay: 7s}
      abort: {httpStatus: 500, percentage: {value: 0.1}}
    retries: {attempts: 3, perTryTimeout: 2s, retryOn: "5xx"}
    timeout: 1h2m
    route:
    - destination: {host: shop, subset: v1, port: {number: 9080}}
      weight: 80
    - destination: {host: shop, subset: v2}
      weight: 20
---
apiVersion: networking.istio.io/v1alpha3
kind: DestinationRule
metadata: {name: shop}
spec:
  host: shop
  trafficPolicy:
    tls: {mode: ISTIO_MUTUAL}
    loadBalancer: {simple: ROUND_ROBIN}
    connectionPool: {tcp: {maxConnections: 1}, http: {http1MaxPendingRequests: 1, maxRequestsPerConnection: 1}}
    outlierDetection: {consecutive5xxErrors: 1, interval: 1s, baseEjectionTime: 3m, maxEjectionPercent: 100}
  subsets:
  - {name: v1, labels: {version: v1}}
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {name: default}
spec: {mtls: {mode: STRICT}, portLevelMtls: {8080: {mode: DISABLE}}}
---
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: shop-1, labels: {kubernetes.io/service-name: shop}}
addressType: IPv4
ports: [{name: http, port: 9080, protocol: TCP}]
endpoints: [{addresses: [10.0.0.1], conditions: {ready: true}}]
---
apiVersion: v1
kind: Secret
metadata: {name: s}
type: Opaque
data: {password: c2VjcmV0}
`;

const virtualService = (http: string) =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: v}\nspec:\n  hosts: [a]\n  http:\n  - ${http}\n`;
const service = (spec: string, name = 's') =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
const container = (fields: string) =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - {name: c, image: i, ${fields}}\n`;

describe('Validation', () => {
  it('has nothing to say about a sample application with gateway, routes and policies', () => {
    expect(problemsOf(bookShop)).toEqual([]);
  });

  it.each([
    [
      'a weight that is text',
      virtualService('route: [{destination: {host: a}, weight: ninety}]'),
      'spec.http[0].route[0].weight',
      '"ninety"',
      /whole number/,
    ],
    [
      'a fraction where a whole number belongs',
      virtualService('route: [{destination: {host: a}, weight: 1.5}]'),
      'spec.http[0].route[0].weight',
      '1.5',
      /whole number/,
    ],
    ['a duration without unit', virtualService('timeout: "10"'), 'spec.http[0].timeout', '"10"', /10s/],
    [
      'a status out of range',
      virtualService('fault: {abort: {httpStatus: 999}}'),
      'spec.http[0].fault.abort.httpStatus',
      '999',
      /200 to 599/,
    ],
    [
      'two kinds of match at once',
      virtualService('match: [{uri: {exact: /a, prefix: /b}}]'),
      'spec.http[0].match[0].uri.prefix',
      'exact and prefix',
      /one of/,
    ],
    [
      'a broken regular expression',
      virtualService('match: [{uri: {regex: "(a"}}]'),
      'spec.http[0].match[0].uri.regex',
      '"(a"',
      /regular expression/,
    ],
    [
      'a missing destination',
      virtualService('route: [{weight: 1}]'),
      'spec.http[0].route[0].destination',
      'nothing',
      /object/,
    ],
    ['a list where an object belongs', virtualService('timeout: []'), 'spec.http[0].timeout', 'a list of 0', /string/],
    ['a port out of range', service('{ports: [{port: 70000}]}'), 'spec.ports[0].port', '70000', /1 to 65535/],
    [
      'an unknown protocol',
      service('{ports: [{port: 80, protocol: tcp}]}'),
      'spec.ports[0].protocol',
      '"tcp"',
      /TCP, UDP/,
    ],
    [
      'a port twice',
      service('{ports: [{port: 80, name: a}, {port: 80, name: b, protocol: TCP}]}'),
      'spec.ports[1]',
      'port 80, protocol "TCP"',
      undefined,
    ],
    [
      'several ports without names',
      service('{ports: [{port: 80, name: a}, {port: 81}]}'),
      'spec.ports[1].name',
      'nothing',
      /name/,
    ],
    ['a service without ports', service('{selector: {app: a}}'), 'spec.ports', 'none', /port/],
    ['a service name with capitals', service('{ports: [{port: 80}]}', 'Web'), 'metadata.name', '"Web"', /DNS label/],
    [
      'an environment value read as boolean',
      container('env: [{name: A, value: yes}]'),
      'spec.containers[0].env[0].value',
      'true',
      /string/,
    ],
    [
      'a quantity that is none',
      container('resources: {limits: {cpu: lots}}'),
      'spec.containers[0].resources.limits.cpu',
      '"lots"',
      /quantity/,
    ],
    [
      'a probe that asks nothing',
      container('livenessProbe: {periodSeconds: 5}'),
      'spec.containers[0].livenessProbe',
      'none',
      /httpGet/,
    ],
  ])('refuses %s, naming field, found and expected', (_what, text, field, found, expected) => {
    const [problem, ...rest] = problemsOf(text);
    expect(problem).toMatchObject({ code: 'MW1004', severity: 'error', field, found, file: 'in.yaml' });
    if (expected !== undefined) expect(problem?.expected).toMatch(expected);
    expect(problem?.line).toBeGreaterThan(2);
    expect(rest).toEqual([]);
  });

  it('points at the line and column of the value', () => {
    expect(problemsOf(virtualService('timeout: 5'))).toMatchObject([{ line: 7, column: 14 }]);
  });

  it('advises quotes where YAML has read a number', () => {
    expect(problemsOf(container('env: [{name: A, value: 1}]'))[0]?.advice).toMatch(/quotes/);
  });

  it('warns of unknown fields with the name that was meant', () => {
    const problems = problemsOf(service('{ports: [{port: 80, tragetPort: 1}], selctor: {app: a}, zzz: 1}'));
    expect(problems).toMatchObject([
      { code: 'MW1006', severity: 'warning', field: 'spec.ports[0].tragetPort', expected: 'targetPort' },
      { code: 'MW1006', severity: 'warning', field: 'spec.selctor', expected: 'selector' },
      { code: 'MW1006', severity: 'warning', field: 'spec.zzz', message: 'Unknown field "zzz"' },
    ]);
  });

  it('notes kinds and versions that it does not know', () => {
    const widget = 'apiVersion: example.dev/v1\nkind: Widget\nmetadata: {name: w}\n';
    expect(problemsOf(widget)).toMatchObject([{ code: 'MW1007', severity: 'info' }]);
    const old = 'apiVersion: apps/v1beta1\nkind: Deployment\nmetadata: {name: w}\n';
    expect(problemsOf(old)).toMatchObject([{ code: 'MW1007', severity: 'warning', expected: 'apps/v1' }]);
    const typo = 'apiVersion: v1\nkind: Servce\nmetadata: {name: w}\n';
    expect(problemsOf(typo)).toMatchObject([{ code: 'MW1007', severity: 'warning', expected: 'Service' }]);
  });

  it('refuses a workload whose selector does not choose its own pods', () => {
    const text =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec:\n  selector: {matchLabels: {app: a}}\n  template:\n    metadata: {labels: {app: b}}\n    spec: {containers: [{name: c}]}\n';
    expect(problemsOf(text)).toMatchObject([
      { field: 'spec.template.metadata.labels.app', found: '"b"', expected: '"a"', line: 7 },
    ]);
  });

  it('refuses labels that Kubernetes would refuse', () => {
    const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n  labels: {"bad key": a, ok: "-x"}\n';
    expect(problemsOf(text).map((problem) => problem.field)).toEqual([
      'metadata.labels[bad key]',
      'metadata.labels.ok',
    ]);
  });

  it('never quotes a value of a Secret', () => {
    const text = 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {a: hunter2!}\nstringData: {b: 1234567}\n';
    const problems = problemsOf(text);
    expect(problems.map(({ field }) => field)).toEqual(['data.a', 'stringData.b']);
    expect(JSON.stringify(problems)).not.toMatch(/hunter2|1234567/);
  });
});
