import { ageColumn, type Column } from './column.ts';
import { at, type Body, joined, labelsAt, listAt, textAt } from './read.ts';

const texts = (values: readonly unknown[]) => joined(values.map((value) => (typeof value === 'string' ? value : null)));

export const gatewayColumns: readonly Column[] = [
  {
    heading: 'HOSTS',
    cell: (gateway) =>
      texts([...new Set(listAt(gateway, 'spec', 'servers').flatMap((server) => listAt(server, 'hosts')))]),
  },
  {
    heading: 'PORTS',
    cell: (gateway) =>
      joined([...new Set(listAt(gateway, 'spec', 'servers').map((server) => textAt(server, 'port', 'number')))]),
  },
  ageColumn,
  { heading: 'SELECTOR', wide: true, cell: (gateway) => labelsAt(gateway, 'spec', 'selector') },
];

export const virtualServiceColumns: readonly Column[] = [
  { heading: 'GATEWAYS', cell: (service) => texts(listAt(service, 'spec', 'gateways')) },
  { heading: 'HOSTS', cell: (service) => texts(listAt(service, 'spec', 'hosts')) },
  ageColumn,
];

export const destinationRuleColumns: readonly Column[] = [
  { heading: 'HOST', cell: (rule) => textAt(rule, 'spec', 'host') },
  {
    heading: 'SUBSETS',
    cell: (rule) => joined(listAt(rule, 'spec', 'subsets').map((subset) => textAt(subset, 'name'))),
  },
  ageColumn,
];

export const peerAuthenticationColumns: readonly Column[] = [
  { heading: 'MODE', cell: (policy) => textAt(policy, 'spec', 'mtls', 'mode') },
  { heading: 'SELECTOR', cell: (policy) => labelsAt(policy, 'spec', 'selector', 'matchLabels') },
  ageColumn,
];

export const requestAuthenticationColumns: readonly Column[] = [
  { heading: 'SELECTOR', cell: (policy) => labelsAt(policy, 'spec', 'selector', 'matchLabels') },
  { heading: 'TARGETS', cell: targets },
  {
    heading: 'ISSUERS',
    cell: (policy) => joined(listAt(policy, 'spec', 'jwtRules').map((rule) => textAt(rule, 'issuer'))),
  },
  ageColumn,
];

export const authorizationPolicyColumns: readonly Column[] = [
  // The API's default, which Kubernetes does not write into the object.
  { heading: 'ACTION', cell: (policy) => textAt(policy, 'spec', 'action') ?? 'ALLOW' },
  { heading: 'SELECTOR', cell: (policy) => labelsAt(policy, 'spec', 'selector', 'matchLabels') },
  { heading: 'TARGETS', cell: targets },
  { heading: 'RULES', cell: (policy) => listAt(policy, 'spec', 'rules').length },
  ageColumn,
  { heading: 'PROVIDER', wide: true, cell: (policy) => textAt(policy, 'spec', 'provider', 'name') },
];

/** What a policy is attached to by name. */
function targets(policy: Body): string | null {
  const all = [at(policy, 'spec', 'targetRef'), ...listAt(policy, 'spec', 'targetRefs')];
  return joined(
    all.map((target) => (target === undefined ? null : `${textAt(target, 'kind')}/${textAt(target, 'name')}`)),
  );
}

export const serviceEntryColumns: readonly Column[] = [
  { heading: 'HOSTS', cell: (entry) => texts(listAt(entry, 'spec', 'hosts')) },
  // The API's defaults, which Kubernetes does not write into the object.
  { heading: 'LOCATION', cell: (entry) => textAt(entry, 'spec', 'location') ?? 'MESH_EXTERNAL' },
  { heading: 'RESOLUTION', cell: (entry) => textAt(entry, 'spec', 'resolution') ?? 'NONE' },
  ageColumn,
];

export const workloadEntryColumns: readonly Column[] = [
  { heading: 'ADDRESS', cell: (entry) => textAt(entry, 'spec', 'address') },
  ageColumn,
  { heading: 'LABELS', wide: true, cell: (entry) => labelsAt(entry, 'spec', 'labels') },
];

export const sidecarColumns: readonly Column[] = [
  { heading: 'SELECTOR', cell: (sidecar) => labelsAt(sidecar, 'spec', 'workloadSelector', 'labels') },
  {
    heading: 'EGRESS',
    cell: (sidecar) => texts(listAt(sidecar, 'spec', 'egress').flatMap((listener) => listAt(listener, 'hosts'))),
  },
  ageColumn,
];

export const envoyFilterColumns: readonly Column[] = [
  {
    heading: 'PATCHES',
    cell: (filter) =>
      joined([...new Set(listAt(filter, 'spec', 'configPatches').map((patch) => textAt(patch, 'applyTo')))]),
  },
  ageColumn,
  { heading: 'SELECTOR', wide: true, cell: (filter) => labelsAt(filter, 'spec', 'workloadSelector', 'labels') },
];

export const telemetryColumns: readonly Column[] = [
  { heading: 'SELECTOR', cell: (telemetry) => labelsAt(telemetry, 'spec', 'selector', 'matchLabels') },
  {
    heading: 'PROVIDERS',
    cell: (telemetry) => {
      const entries = ['accessLogging', 'tracing', 'metrics'].flatMap((part) => listAt(telemetry, 'spec', part));
      const names = entries.flatMap((entry) => listAt(entry, 'providers').map((provider) => textAt(provider, 'name')));
      return joined([...new Set(names)]);
    },
  },
  ageColumn,
];

export const proxyConfigColumns: readonly Column[] = [
  { heading: 'SELECTOR', cell: (config) => labelsAt(config, 'spec', 'selector', 'matchLabels') },
  { heading: 'CONCURRENCY', cell: (config) => textAt(config, 'spec', 'concurrency') },
  ageColumn,
];
