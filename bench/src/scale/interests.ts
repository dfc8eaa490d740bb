/**
 * What an Envoy asks for next because of what it has been sent: endpoints of its clusters, routes of its listeners,
 * virtual hosts of its routes. Found by decoding, once for all clients that are sent the same.
 */
import { type DescMessage, fromBinary, type Message } from '@bufbuild/protobuf';
import { type Any, anyUnpack } from '@bufbuild/protobuf/wkt';
import { registry, rulesOf, type XdsType } from '@meshwise/xds';

export interface Interest {
  readonly type: XdsType;
  /** Empty: everything there is, the legacy way. */
  readonly names: readonly string[];
}

const ENDPOINT_DISCOVERY = 3;

export function interestsOf(type: XdsType, response: Buffer): Interest[] {
  const resources = resourcesOf(type, response);
  if (type === 'CDS') return named('EDS', resources.flatMap(endpointName));
  if (type === 'LDS') {
    const found = resources.flatMap((resource) => [...inside(resource)]);
    return [...named('ECDS', found.flatMap(extensionName)), ...named('RDS', found.flatMap(routesName))];
  }
  if (type === 'RDS')
    return resources.some((routes) => 'vhds' in routes && routes.vhds) ? [{ type: 'VHDS', names: [] }] : [];
  return [];
}

function named(type: XdsType, names: readonly string[]): Interest[] {
  return names.length === 0 ? [] : [{ type, names: [...new Set(names)] }];
}

function messageOf(name: string): DescMessage {
  const found = registry.getMessage(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

function resourcesOf(type: XdsType, response: Buffer): Fields[] {
  const { resources } = fromBinary(messageOf('envoy.service.discovery.v3.DeltaDiscoveryResponse'), response) as Fields;
  const { schema } = rulesOf(type);
  return (resources as { readonly resource?: Any }[]).flatMap(({ resource }) =>
    resource === undefined ? [] : [fromBinary(schema, resource.value) as Fields],
  );
}

type Fields = Message & Readonly<Record<string, unknown>>;

function endpointName(cluster: Fields): string[] {
  const discovery = cluster['clusterDiscoveryType'] as { readonly case?: string; readonly value?: unknown };
  if (discovery.case !== 'type' || discovery.value !== ENDPOINT_DISCOVERY) return [];
  const config = cluster['edsClusterConfig'] as { readonly serviceName?: string } | undefined;
  return [config?.serviceName || String(cluster['name'])];
}

function routesName(message: Fields): string[] {
  return 'routeConfigName' in message ? [String(message['routeConfigName'])] : [];
}

function extensionName(message: Fields): string[] {
  const config = message['configType'] as { readonly case?: string } | undefined;
  return config?.case === 'configDiscovery' ? [String(message['name'])] : [];
}

/** A message and all messages in it, packed ones too as far as their types are known. */
function* inside(value: unknown): Generator<Fields> {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  if ('$typeName' in value) {
    if (value.$typeName === 'google.protobuf.Any') {
      const unpacked = anyUnpack(value as Any, registry);
      if (unpacked !== undefined) yield* inside(unpacked);
      return;
    }
    yield value as Fields;
  }
  for (const part of Object.values(value)) yield* inside(part);
}
