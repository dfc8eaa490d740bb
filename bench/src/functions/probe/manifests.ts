import { fileURLToPath } from 'node:url';

/** Host of the pod that asks, and is told of what others send: mirrored requests and spans. */
export const PROBE = 'bench-probe';
/** The same program without a sidecar: it can only speak plainly. */
export const OUTSIDER = 'bench-outsider';

const IMAGE = 'meshwise/bench-probe:v1';
const PROGRAM = fileURLToPath(new URL('./program.ts', import.meta.url));

/** What stands for the image, in the catalogue of the state directory. */
export const IMAGES = {
  images: [{ match: IMAGE, program: { runtime: 'node', entry: PROGRAM, args: [], env: {} }, allowCommand: false }],
};

/** What stands in the mesh all the time, whatever is measured: both programs, and the providers that functions name. */
export const BASE = [pod(PROBE, true), pod(OUTSIDER, false), meshConfig()].join('---\n');

function pod(name: string, injected: boolean): string {
  return `apiVersion: v1
kind: Service
metadata: { name: ${name} }
spec:
  selector: { app: ${name} }
  ports: [{ name: http, port: 9080 }]
---
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  labels: { app: ${name}, sidecar.istio.io/inject: "${injected}" }
spec:
  containers: [{ name: probe, image: "${IMAGE}", ports: [{ containerPort: 9080 }] }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ${name} }
spec:
  hosts: ["*"]
  gateways: [bookinfo-gateway]
  http:
    - match: [{ uri: { prefix: /${name}/ } }]
      route: [{ destination: { host: ${name}, port: { number: 9080 } } }]
`;
}

function meshConfig(): string {
  return `apiVersion: v1
kind: ConfigMap
metadata: { name: istio, namespace: istio-system }
data:
  mesh: |
    extensionProviders:
      - name: bench-text
        envoyFileAccessLog: { path: /dev/stdout }
      - name: bench-json
        envoyFileAccessLog:
          path: /dev/stdout
          logFormat:
            labels: { at: "%START_TIME%", path: "%REQ(:PATH)%", status: "%RESPONSE_CODE%", flags: "%RESPONSE_FLAGS%", took: "%DURATION%", upstream: "%UPSTREAM_HOST%" }
      - name: bench-spans
        opentelemetry:
          service: ${PROBE}.default.svc.cluster.local
          port: 9080
          http: { path: /v1/traces }
`;
}
