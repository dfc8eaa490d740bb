import type { FieldPath } from '../field-path.ts';
import { shown } from '../problem.ts';
import type { Finding } from './finding.ts';

type Report = (finding: Finding) => void;
type Fields = Readonly<Record<string, unknown>>;

/** Weights are percent of one whole and belong to versions that there are. The shape is the schema's to check. */
export function checkTrafficShift(spec: object, report: Report): void {
  const { versions, steps, testers, mirror } = spec as Fields;
  // That each name is there once is what the list's key says.
  const names = new Set(itemsOf(versions).map(([, { name }]) => name));
  const known = [...names].join(', ');
  const mustBeKnown = (name: unknown, path: FieldPath) => {
    if (typeof name === 'string' && !names.has(name))
      report(error(path, 'There is no such version', shown(name), known));
  };
  for (const [index, step] of itemsOf(steps)) {
    const weights = step['weights'];
    if (!isFields(weights)) continue;
    const path = ['spec', 'steps', index, 'weights'];
    for (const name of Object.keys(weights)) mustBeKnown(name, [...path, name]);
    const values = Object.values(weights).filter((weight) => typeof weight === 'number');
    const sum = values.reduce((total, weight) => total + weight, 0);
    if (sum !== 100) report(error(path, 'The weights of a step are percent of one whole', `a sum of ${sum}`, '100'));
  }
  if (isFields(mirror)) mustBeKnown(mirror['version'], ['spec', 'mirror', 'version']);
  if (!isFields(testers)) return;
  mustBeKnown(testers['version'], ['spec', 'testers', 'version']);
  const { headers, cookie } = testers;
  if (cookie === undefined && (!isFields(headers) || Object.keys(headers).length === 0)) {
    report(error(['spec', 'testers'], 'Nothing tells testers apart', 'neither', 'headers or a cookie'));
  }
}

function itemsOf(value: unknown): readonly (readonly [number, Fields])[] {
  return Array.isArray(value) ? [...value.entries()].filter(([, item]) => isFields(item)) : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function error(path: FieldPath, message: string, found: string, expected: string): Finding {
  return { code: 'MW1004', severity: 'error', message, path, found, expected };
}
