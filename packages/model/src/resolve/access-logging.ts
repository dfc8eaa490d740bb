import type { ItemOf } from '../model/fragment.ts';
import type { AccessLog } from '../plan.ts';
import type { TelemetryProviders } from './telemetry-providers.ts';
import { isAbout, type TelemetryItem, type TelemetrySide } from './telemetry-side.ts';

type Entry = NonNullable<TelemetryItem['accessLogging']>[number];

/**
 * The logs of one side. Each layer with providers replaces those before; a layer without keeps them and says anew whether
 * and what they log. Where no layer says anything, the providers that are default in the mesh, else its `accessLogFile`.
 */
export function accessLogsOf(
  layers: readonly TelemetryItem[],
  side: TelemetrySide,
  mesh: ItemOf<'mesh-settings'> | undefined,
  providers: TelemetryProviders,
  clientNamespace: string,
): readonly AccessLog[] {
  const defaults = mesh?.defaultProviders.accessLogging ?? [];
  const entries = layers.flatMap(({ accessLogging }) => accessLogging ?? []);
  if (entries.length === 0 && defaults.length === 0) return fileOf(mesh);

  let current = new Map<string, Entry | undefined>(defaults.map((name) => [name, undefined]));
  for (const { accessLogging = [] } of layers) {
    const named = accessLogging.flatMap((entry) => entry.providers);
    // Istio: providers of a narrower resource override all wider ones, whatever side they are for.
    if (named.length > 0) current = new Map([...current].filter(([name]) => named.includes(name)));
    for (const entry of accessLogging.filter(({ mode }) => isAbout(mode, side))) {
      const names = entry.providers.length > 0 ? entry.providers : [...current.keys()];
      for (const name of names) current.set(name, entry);
    }
  }
  return [...current].flatMap(([name, entry]) =>
    entry?.disabled === true ? [] : (logOf(name, entry, mesh, providers, clientNamespace) ?? []),
  );
}

function logOf(
  name: string,
  entry: Entry | undefined,
  mesh: ItemOf<'mesh-settings'> | undefined,
  providers: TelemetryProviders,
  clientNamespace: string,
): AccessLog | undefined {
  const provider = providers.named(name);
  const origin = entry?.origin ?? mesh?.origin;
  if (provider === undefined || origin === undefined) return undefined;
  const common = { ...(entry?.filter === undefined ? {} : { filter: entry.filter }), origin };
  if (provider.kind === 'file')
    return { sink: { kind: 'file', path: provider.path }, ...formatOf(provider), ...common };
  if (provider.kind !== 'otlp-logs') return undefined;
  const collector = providers.collectorOf(provider.host, provider.port, clientNamespace);
  if (collector === undefined) return undefined;
  const sink = {
    kind: 'otlp',
    cluster: collector.cluster,
    logName: provider.logName ?? 'otel_envoy_accesslog',
  } as const;
  return { sink, ...formatOf(provider), ...common };
}

function fileOf(mesh: ItemOf<'mesh-settings'> | undefined): readonly AccessLog[] {
  if (mesh?.accessLog === undefined) return [];
  return [{ sink: { kind: 'file', path: mesh.accessLog.path }, ...formatOf(mesh.accessLog), origin: mesh.origin }];
}

interface Format {
  readonly text?: string;
  readonly json?: Readonly<Record<string, unknown>>;
}

function formatOf({ text, json }: Format): Pick<AccessLog, 'format'> {
  if (json !== undefined) return { format: text === undefined ? { json } : { text, json } };
  return text === undefined ? {} : { format: { text } };
}
