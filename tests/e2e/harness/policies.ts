/** A resource of Istio's networking group as YAML; JSON is YAML. */
export function networking(kind: string, name: string, spec: unknown): string {
  return JSON.stringify({
    apiVersion: 'networking.istio.io/v1',
    kind,
    metadata: { name, namespace: 'default' },
    spec,
  });
}

export function trafficPolicy(name: string, spec: unknown): string {
  return JSON.stringify({
    apiVersion: 'meshwise.dev/v1alpha1',
    kind: 'TrafficPolicy',
    metadata: { name, namespace: 'default' },
    spec,
  });
}
