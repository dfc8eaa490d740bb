import { FieldReader, type Fragment, itemBase, type MeshSettingsItem, type Residue } from '@meshwise/model';
import { parseYamlValue, type Resource } from '@meshwise/resources';
import { readLocalitySettings } from './destination-rule-locality.ts';
import { readAccessLogSettings } from './mesh-config-access-log.ts';
import { isAuthorizer, readAuthorizer } from './mesh-config-authorizers.ts';
import { readPathNormalization } from './mesh-config-paths.ts';
import { readProvider } from './mesh-config-providers.ts';

/** Where Istio keeps its settings of the whole mesh. */
export const MESH_CONFIG = { namespace: 'istio-system', name: 'istio', key: 'mesh' } as const;

/** Ample: the settings of large installations have a few hundred lines. */
const MAX_BYTES = 256 * 1024;

const modes: Readonly<Record<string, MeshSettingsItem['unknownDestinations']>> = {
  ALLOW_ANY: 'pass-through',
  REGISTRY_ONLY: 'refuse',
};

/**
 * MeshConfig (Istio, "Global Mesh Options"), which stands as YAML in a ConfigMap. Undefined for other ConfigMaps. What
 * cannot be read gives no settings at all, so that half of a text never changes what the mesh does.
 */
export function readMeshConfig(resource: Resource): Fragment | undefined {
  const { metadata } = resource;
  if (metadata.namespace !== MESH_CONFIG.namespace || metadata.name !== MESH_CONFIG.name) return undefined;
  const residues: Residue[] = [];
  const data = FieldReader.of(resource, residues).object('data');
  const text = data?.string(MESH_CONFIG.key);
  if (text === undefined) return { items: [], residues };
  const parsed = parseYamlValue(text, { maxBytes: MAX_BYTES });
  if ('problem' in parsed) {
    data?.invalid(MESH_CONFIG.key, parsed.problem);
    return { items: [], residues };
  }
  // Fields are named as if the text were part of the resource: data.mesh.accessLogFile.
  const opened = { ...resource, data: { [MESH_CONFIG.key]: parsed.value } };
  const mesh = FieldReader.of(opened, residues).object('data')?.object(MESH_CONFIG.key);
  return { items: mesh === undefined ? [] : [settingsOf(mesh, resource)], residues };
}

function settingsOf(mesh: FieldReader, resource: Resource): MeshSettingsItem {
  const unknownDestinations = readPolicy(mesh.object('outboundTrafficPolicy'));
  const connectTimeoutMs = mesh.durationMs('connectTimeout');
  const localityField = mesh.object('localityLbSetting');
  const locality = localityField === undefined ? undefined : readLocalitySettings(localityField);
  const accessLog = readAccessLogSettings(mesh);
  const extensions = mesh.list('extensionProviders');
  const providers = extensions.filter((field) => !isAuthorizer(field)).flatMap((field) => readProvider(field) ?? []);
  const externalAuthorizers = extensions.filter(isAuthorizer).flatMap((field) => readAuthorizer(field) ?? []);
  const defaults = mesh.object('defaultProviders');
  const defaultProviders = {
    tracing: defaults?.strings('tracing') ?? [],
    accessLogging: defaults?.strings('accessLogging') ?? [],
  };
  // Prometheus metrics are always there.
  for (const name of defaults?.strings('metrics') ?? []) {
    if (name !== 'prometheus') defaults?.unsupported('metrics', `${name} is not supplied with metrics`);
  }
  defaults?.rest();
  const exportTo = {
    defaultServiceExportTo: mesh.strings('defaultServiceExportTo'),
    defaultVirtualServiceExportTo: mesh.strings('defaultVirtualServiceExportTo'),
    defaultDestinationRuleExportTo: mesh.strings('defaultDestinationRuleExportTo'),
  };
  const pathNormalization = readPathNormalization(mesh.object('pathNormalization'));
  const tracing = readTracing(mesh);
  readIdentity(mesh);
  mesh.rest();
  return {
    ...itemBase(resource),
    kind: 'mesh-settings',
    ...(unknownDestinations === undefined ? {} : { unknownDestinations }),
    ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
    ...(locality === undefined ? {} : { locality }),
    ...(accessLog === undefined ? {} : { accessLog }),
    providers,
    ...(externalAuthorizers.length === 0 ? {} : { externalAuthorizers }),
    ...(pathNormalization === undefined ? {} : { pathNormalization }),
    defaultProviders,
    ...tracing,
    ...Object.fromEntries(Object.entries(exportTo).filter(([, list]) => list !== undefined && list.length > 0)),
  };
}

function readPolicy(field: FieldReader | undefined): MeshSettingsItem['unknownDestinations'] {
  const mode = field?.string('mode');
  field?.rest();
  if (mode === undefined) return undefined;
  if (Object.hasOwn(modes, mode)) return modes[mode];
  field?.invalid('mode', 'is none of ALLOW_ANY, REGISTRY_ONLY');
  return undefined;
}

function readTracing(mesh: FieldReader): Pick<MeshSettingsItem, 'tracingSampledPercent'> {
  // Says only whether the collector of `defaultConfig.tracing` is used, which is reported below.
  mesh.ignore('enableTracing');
  const proxy = mesh.object('defaultConfig');
  const tracing = proxy?.object('tracing');
  const sampled = tracing?.number('sampling');
  tracing?.rest();
  proxy?.rest();
  if (sampled === undefined) return {};
  if (sampled >= 0 && sampled <= 100) return { tracingSampledPercent: sampled };
  tracing?.invalid('sampling', 'is not between 0 and 100');
  return {};
}

/** Settings that every installation writes and that are fixed here: the same value is no remark. */
function readIdentity(mesh: FieldReader): void {
  const fixed = { rootNamespace: MESH_CONFIG.namespace, trustDomain: 'cluster.local' };
  for (const [name, value] of Object.entries(fixed)) {
    const written = mesh.string(name);
    if (written !== undefined && written !== value) mesh.unsupported(name, `is ${value} here`);
  }
}
