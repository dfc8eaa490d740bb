import {
  FieldReader,
  type Fragment,
  itemBase,
  type Residue,
  type TelemetryItem,
  type TelemetryMode,
} from '@meshwise/model';
import type { Resource } from '@meshwise/resources';
import { celProblem } from './cel.ts';

type Logging = NonNullable<TelemetryItem['accessLogging']>[number];
type Tracing = NonNullable<TelemetryItem['tracing']>[number];
type Tag = Tracing['tags'][number];

const modes: Readonly<Record<string, TelemetryMode>> = {
  CLIENT_AND_SERVER: 'client-and-server',
  CLIENT: 'client',
  SERVER: 'server',
};

/** telemetry.istio.io Telemetry. Metrics cannot be changed and are reported; they are always there. */
export function readTelemetry(resource: Resource): Fragment {
  const residues: Residue[] = [];
  const root = FieldReader.of(resource, residues);
  const spec = root.object('spec');
  // What is meant for some workloads must not hold for a whole namespace.
  if (spec?.refuse('targetRef', 'targetRefs') === true) return { items: [], residues };
  const selectorField = spec?.object('selector');
  const selector = selectorField?.stringMap('matchLabels') ?? {};
  selectorField?.rest();
  const accessLogging = spec?.list('accessLogging').flatMap((field) => readLogging(field) ?? []) ?? [];
  const tracing = spec?.list('tracing').map(readTracing) ?? [];
  for (const metrics of spec?.list('metrics') ?? []) readMetrics(metrics);
  const item: TelemetryItem = {
    ...itemBase(resource),
    kind: 'telemetry',
    ...(Object.keys(selector).length === 0 ? {} : { selector }),
    ...(accessLogging.length === 0 ? {} : { accessLogging }),
    ...(tracing.length === 0 ? {} : { tracing }),
  };
  spec?.rest();
  root.rest();
  return { items: [item], residues };
}

/** Undefined for one whose filter cannot be used: without it everything would be written. */
function readLogging(field: FieldReader): Logging | undefined {
  const mode = readMode(field);
  const providers = readProviders(field);
  const disabled = field.boolean('disabled');
  const filterField = field.object('filter');
  const filter = filterField?.string('expression');
  filterField?.rest();
  field.rest();
  const problem = filter === undefined || filter === '' ? undefined : celProblem(filter);
  if (problem !== undefined) {
    filterField?.invalid('expression', `${problem}; nothing is logged by this entry`);
    return undefined;
  }
  return {
    mode,
    providers,
    ...(disabled === undefined ? {} : { disabled }),
    ...(filter === undefined || filter === '' ? {} : { filter }),
    origin: field.origin(),
  };
}

function readTracing(field: FieldReader): Tracing {
  const disableSpanReporting = field.boolean('disableSpanReporting');
  const share = field.number('randomSamplingPercentage');
  const isShare = share !== undefined && share >= 0 && share <= 100;
  if (share !== undefined && !isShare) field.invalid('randomSamplingPercentage', 'is not between 0 and 100');
  const entry: Tracing = {
    mode: readMode(field),
    providers: readProviders(field),
    ...(disableSpanReporting === undefined ? {} : { disableSpanReporting }),
    ...(isShare ? { randomSamplingPercentage: share } : {}),
    tags: field.entries('customTags').flatMap(([name, tag]) => readTag(name, tag) ?? []),
    origin: field.origin(),
  };
  // What is done anyway needs no remark.
  if (field.boolean('useRequestIdForTraceSampling') === false)
    field.unsupported('useRequestIdForTraceSampling', 'false is not enforced');
  if (field.boolean('enableIstioTags') === true) field.unsupported('enableIstioTags', 'true is not enforced');
  field.rest();
  return entry;
}

function readTag(name: string, field: FieldReader): Tag | undefined {
  const [literal, header, environment] = [field.object('literal'), field.object('header'), field.object('environment')];
  const text = literal?.string('value') ?? '';
  const key = (header ?? environment)?.string('name') ?? '';
  const defaultValue = (header ?? environment)?.string('defaultValue');
  for (const part of [literal, header, environment, field]) part?.rest();
  const otherwise = defaultValue === undefined ? {} : { defaultValue };
  if (text !== '') return { name, literal: text };
  if (header !== undefined && isHeaderName(key)) return { name, header: key, ...otherwise };
  if (environment !== undefined && key !== '') return { name, environment: key, ...otherwise };
  field.invalid(undefined, 'is none of a literal, a header and an environment variable');
  return undefined;
}

/** RFC 9110, 5.1; anything else would make a proxy refuse its listener. */
function isHeaderName(text: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(text);
}

/** Prometheus gets everything; what an entry takes away or changes stays as it is. */
function readMetrics(field: FieldReader): void {
  for (const name of readProviders(field)) {
    if (name !== 'prometheus') field.unsupported('providers', `${name} is not supplied with metrics`);
  }
  field.refuse('overrides', 'reportingInterval');
  field.rest();
}

function readProviders(field: FieldReader): readonly string[] {
  return field.list('providers').flatMap((provider) => {
    const name = provider.string('name');
    provider.rest();
    return name === undefined || name === '' ? [] : [name];
  });
}

function readMode(field: FieldReader): TelemetryMode {
  const match = field.object('match');
  const written = match?.string('mode') ?? 'CLIENT_AND_SERVER';
  match?.rest();
  const mode = Object.hasOwn(modes, written) ? modes[written] : undefined;
  if (mode === undefined) match?.invalid('mode', `is none of ${Object.keys(modes).join(', ')}`);
  return mode ?? 'client-and-server';
}
