import { ObjectMetaSchema } from '../kinds/meta.ts';
import { shown } from '../problem.ts';
import { checkValue } from './check.ts';
import type { Finding } from './finding.ts';
import { FORMATS } from './formats.ts';
import { asJsonSchema } from './json-schema.ts';

const apiVersion = /^(?:[a-z0-9.-]+\/)?[a-zA-Z0-9]+$/;

/**
 * Whether a value is a resource at all: what `Resource` promises about apiVersion, kind and metadata must hold before
 * anybody handles it. The rest is for `validateResource`.
 */
export function checkEnvelope(value: unknown): readonly Finding[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return [notAResource([], value, 'an object with apiVersion, kind and metadata')];
  }
  const object = value as Readonly<Record<string, unknown>>;
  const findings: Finding[] = [];
  if (typeof object['apiVersion'] !== 'string' || !apiVersion.test(object['apiVersion'])) {
    findings.push(notAResource(['apiVersion'], object['apiVersion'], 'group/version or version'));
  }
  if (typeof object['kind'] !== 'string' || object['kind'] === '') {
    findings.push(notAResource(['kind'], object['kind'], 'the name of a kind'));
  }
  const metadata = object['metadata'];
  if (typeof metadata !== 'object' || metadata === null || Array.isArray(metadata)) {
    findings.push(notAResource(['metadata'], metadata, 'an object with a name'));
    return findings;
  }
  return [...findings, ...checkMetadata(metadata as Readonly<Record<string, unknown>>)];
}

function checkMetadata(metadata: Readonly<Record<string, unknown>>): Finding[] {
  const findings: Finding[] = [];
  const { name, generateName } = metadata;
  const named = (typeof name === 'string' && name !== '') || (name === undefined && typeof generateName === 'string');
  if (!named) {
    const quoted = typeof name === 'number' || typeof name === 'boolean' ? 'a name in quotes' : 'a name';
    findings.push(notAResource(['metadata', 'name'], name, quoted));
  }
  checkValue(asJsonSchema(ObjectMetaSchema), metadata, ['metadata'], (finding) => {
    // Types must hold; names and label syntax are reported by validateResource, which knows the kind.
    const aboutType = finding.severity === 'error' && !isFormatProblem(finding);
    if (aboutType && finding.path[1] !== 'name') findings.push(finding);
  });
  return findings;
}

function isFormatProblem(finding: Finding): boolean {
  return (
    Object.values(FORMATS).some((format) => format.expected === finding.expected) &&
    finding.found?.startsWith('"') === true
  );
}

function notAResource(path: Finding['path'], value: unknown, expected: string): Finding {
  const message = path.length === 0 ? 'This document is not a resource' : 'A resource needs this field';
  return { code: 'MW1003', severity: 'error', message, path, found: shown(value), expected };
}
