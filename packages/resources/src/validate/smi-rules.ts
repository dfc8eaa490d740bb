import type { FieldPath } from '../field-path.ts';
import { shown } from '../problem.ts';
import type { Resource } from '../resource.ts';
import { parseQuantity } from '../units/quantity.ts';
import type { Finding } from './finding.ts';
import { FORMATS } from './formats.ts';

type Report = (finding: Finding) => void;
type Fields = Readonly<Record<string, unknown>>;

/** What SMI's specification says of one object and its schema cannot. Objects of v1alpha1 and v1alpha2 may have no `spec`. */
export function checkSmi(resource: Resource, report: Report): void {
  const isBare = !isFields(resource.spec);
  const body = isBare ? (resource as unknown as Fields) : (resource.spec as Fields);
  const path = isBare ? [] : ['spec'];
  if (resource.kind === 'TrafficSplit') {
    checkSplit(body, path, report);
    if (resource.apiVersion.endsWith('/v1alpha1')) checkQuantities(body, path, report);
  }
  if (resource.kind === 'TrafficTarget') checkTarget(body, resource.metadata.namespace, path, report);
  if (resource.kind === 'HTTPRouteGroup') checkGroup(body, path, report);
}

/** A weight of 0 takes nothing, so one backend has to have another. "TrafficSplits cannot be self-referential." */
function checkSplit({ service, backends }: Fields, path: FieldPath, report: Report): void {
  for (const [index, backend] of itemsOf(backends)) {
    if (typeof service !== 'string' || backend['service'] !== service) continue;
    const message = 'SMI wants no split that names its own service among its backends; its share goes to all of it';
    const found = problem([...path, 'backends', index, 'service'], message, shown(service), 'another service');
    report({ ...found, severity: 'warning' });
  }
  const weights = itemsOf(backends).map(([, { weight }]) => quantityOf(weight));
  if (weights.length > 0 && weights.every((weight) => weight === 0))
    report(problem([...path, 'backends'], 'No backend takes anything', 'weights of 0', 'a weight above 0'));
}

/** Quantities may be below zero, weights may not. */
function checkQuantities({ backends }: Fields, path: FieldPath, report: Report): void {
  for (const [index, { weight }] of itemsOf(backends)) {
    if ((quantityOf(weight) ?? 0) >= 0) continue;
    report(problem([...path, 'backends', index, 'weight'], 'The value does not fit', shown(weight), 'no less than 0'));
  }
}

function quantityOf(weight: unknown): number | undefined {
  return typeof weight === 'string' || typeof weight === 'number' ? parseQuantity(weight) : undefined;
}

/** Whoever owns an identity decides who may call it, so a target for that of another namespace is not carried out. */
function checkTarget({ destination }: Fields, own: string | undefined, path: FieldPath, report: Report): void {
  const namespace = isFields(destination) ? destination['namespace'] : undefined;
  if (own === undefined || typeof namespace !== 'string' || namespace === own) return;
  const message = 'A TrafficTarget is for identities of its own namespace; this one has no effect';
  report({
    ...problem([...path, 'destination', 'namespace'], message, shown(namespace), shown(own)),
    severity: 'warning',
  });
}

function checkGroup({ matches }: Fields, path: FieldPath, report: Report): void {
  for (const [index, { headers }] of itemsOf(matches)) {
    const at = [...path, 'matches', index, 'headers'];
    const maps: readonly (readonly [FieldPath, unknown])[] = Array.isArray(headers)
      ? headers.map((map: unknown, item) => [[...at, item], map])
      : [[at, headers]];
    for (const [place, map] of maps) checkHeaders(map, place, report);
  }
}

function checkHeaders(map: unknown, path: FieldPath, report: Report): void {
  if (map === undefined || map === null) return;
  if (!isFields(map)) {
    report(problem(path, 'The value does not fit', shown(map), 'a map from names to regular expressions'));
    return;
  }
  for (const [name, expression] of Object.entries(map)) {
    if (typeof expression === 'string' && FORMATS.regex.test(expression)) continue;
    report(problem([...path, name], 'The value does not fit', shown(expression), FORMATS.regex.expected));
  }
}

function itemsOf(value: unknown): readonly (readonly [number, Fields])[] {
  return Array.isArray(value) ? [...value.entries()].filter(([, item]) => isFields(item)) : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function problem(path: FieldPath, message: string, found: string, expected: string): Finding {
  return { code: 'MW1004', severity: 'error', message, path, found, expected };
}
