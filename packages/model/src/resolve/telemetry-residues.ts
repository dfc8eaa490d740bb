import type { ItemOf } from '../model/fragment.ts';
import { byAge } from '../model/item.ts';
import type { Residue } from '../provenance.ts';
import type { Query } from '../query/engine.ts';
import type { ResolveContext } from './context.ts';
import type { TelemetryProviders } from './telemetry-providers.ts';

/** Providers that nobody has defined, collectors that are not there, and resources that an older one hides. */
export function defineTelemetryResidues(
  { engine, items, settings }: ResolveContext,
  providers: TelemetryProviders,
): Query<[], readonly Residue[]> {
  const ofSettings = (mesh: ItemOf<'mesh-settings'>): readonly Residue[] => [
    ...[...mesh.defaultProviders.accessLogging, ...mesh.defaultProviders.tracing]
      .filter((name) => providers.named(name) === undefined)
      .map((name) => remark(mesh, 'data.mesh.defaultProviders', `there is no provider ${name}`)),
    ...mesh.providers.flatMap((provider): readonly Residue[] => {
      if (!('host' in provider)) return [];
      const { host, port, name } = provider;
      const field = 'data.mesh.extensionProviders';
      const collector = providers.collectorOf(host, port, settings.rootNamespace);
      if (collector === undefined)
        return [remark(mesh, field, `${name}: no service ${host} has a port ${port}; nothing is reported there`)];
      const needsHttp2 =
        provider.kind === 'otlp-logs' || (provider.kind === 'otlp-traces' && provider.path === undefined);
      if (!needsHttp2 || collector.speaksHttp2) return [];
      return [
        remark(
          mesh,
          field,
          `${name}: port ${port} of ${host} declares no gRPC (name it grpc or grpc-…), by which reports are sent`,
        ),
      ];
    }),
  ];

  const ofNamespace = engine.query('telemetryResidues', (namespace: string): readonly Residue[] => {
    const sorted = [...items.list('telemetryByNamespace', namespace)].sort(byAge);
    const wide = sorted.filter(({ selector }) => selector === undefined);
    return [
      ...wide
        .slice(1)
        .map((item) =>
          remark(item, undefined, `has no effect: the older ${wide[0]?.name} holds for all workloads of ${namespace}`),
        ),
      ...sorted.flatMap((item) => ofTelemetry(item, providers)),
    ];
  });

  return engine.query('allTelemetryResidues', () => [
    ...items.list('meshSettings', '').flatMap(ofSettings),
    ...items.keys('telemetryByNamespace').flatMap((namespace) => ofNamespace(namespace)),
  ]);
}

function ofTelemetry(item: ItemOf<'telemetry'>, providers: TelemetryProviders): readonly Residue[] {
  const named = (origin: Residue['origin'], names: readonly string[], kinds: readonly string[]) =>
    names.flatMap((name): readonly Residue[] => {
      const provider = providers.named(name);
      if (provider !== undefined && kinds.includes(provider.kind)) return [];
      const what = provider === undefined ? `there is no provider ${name}` : `${name} is no provider of this`;
      return [
        {
          origin,
          severity: 'invalid',
          message: `${origin.field ?? item.name}: ${what} (MeshConfig extensionProviders)`,
        },
      ];
    });
  return [
    ...(item.accessLogging ?? []).flatMap((entry) => named(entry.origin, entry.providers, ['file', 'otlp-logs'])),
    ...(item.tracing ?? []).flatMap((entry) => named(entry.origin, entry.providers, ['otlp-traces', 'zipkin'])),
  ];
}

function remark(item: { readonly origin: Residue['origin'] }, field: string | undefined, message: string): Residue {
  if (field === undefined) return { origin: item.origin, severity: 'invalid', message };
  return { origin: { ...item.origin, field }, severity: 'invalid', message: `${field}: ${message}` };
}
