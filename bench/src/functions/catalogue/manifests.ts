import { HOST } from '../probe/probes.ts';

/** A VirtualService of details with these HTTP rules, in YAML's flow form. */
export function routes(...rules: readonly string[]): string {
  return `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: bench-details }
spec:
  hosts: [${HOST}]
  http:
${rules.map((rule) => `    - ${rule}\n`).join('')}`;
}

/** Where every route leads; a rule is this with more said of it. */
export const TO_DETAILS = `route: [{ destination: { host: ${HOST} } }]`;

/** The sample's DestinationRule of details with a traffic policy. */
export function destination(trafficPolicy: string): string {
  return `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: details }
spec:
  host: details
  trafficPolicy: ${trafficPolicy}
  subsets:
    - { name: v1, labels: { version: v1 } }
    - { name: v2, labels: { version: v2 } }
`;
}

/** A TrafficPolicy of the service details. */
export function policy(spec: string): string {
  return `apiVersion: meshwise.dev/v1alpha1
kind: TrafficPolicy
metadata: { name: bench-details }
spec:
  targetRefs: [{ kind: Service, name: details }]
  ${spec}
`;
}
