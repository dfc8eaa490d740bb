import { formatFieldPath } from '../field-path.ts';
import { findKind, KNOWN_KINDS, kindOf } from '../kinds/registry.ts';
import type { ParsedResource } from '../parse.ts';
import { type Problem, shown } from '../problem.ts';
import { groupOf, type Resource } from '../resource.ts';
import { checkValue } from './check.ts';
import { didYouMean } from './did-you-mean.ts';
import type { Finding } from './finding.ts';
import { FORMATS } from './formats.ts';
import { asJsonSchema } from './json-schema.ts';
import { checkRules } from './rules.ts';

/**
 * Everything Meshwise has to say about one resource by itself: wrong types, values and names are errors (MW1004),
 * unknown fields warnings (MW1006), kinds without a schema a note (MW1007). Problems carry file, line and column.
 */
export function validateResource(parsed: ParsedResource): readonly Problem[] {
  return findingsOf(parsed.resource).map(({ path, ...finding }) => {
    const at = parsed.locate(path, finding.code === 'MW1006' ? 'key' : 'value');
    const place = { file: parsed.source.file, line: at.line, column: at.column };
    return { ...finding, ...place, ...(path.length === 0 ? {} : { field: formatFieldPath(path) }) };
  });
}

/** The same for a resource that does not come from a file: problems name the field only. */
export function validateObject(resource: Resource): readonly Problem[] {
  return findingsOf(resource).map(({ path, ...finding }) => ({
    ...finding,
    ...(path.length === 0 ? {} : { field: formatFieldPath(path) }),
  }));
}

function findingsOf(resource: Resource): readonly Finding[] {
  const definition = kindOf(resource);
  if (definition === undefined) return [unknownKind(resource)];
  const findings: Finding[] = [];
  const report = (finding: Finding) => findings.push(finding);
  const { name, namespace } = resource.metadata;
  const format = FORMATS[definition.nameFormat];
  if (name !== '' && !format.test(name)) {
    report(metadataError('name', 'The name is not valid', name, format.expected));
  }
  if (!definition.namespaced && namespace !== undefined && namespace !== '') {
    report(metadataError('namespace', `A ${definition.kind} is in no namespace`, namespace, 'no namespace'));
  }
  checkValue(asJsonSchema(definition.schema), resource, [], report);
  checkRules(resource, report);
  return definition.kind === 'Secret' ? findings.map(withoutSecret) : findings;
}

/** Who forgets to encode a password is told where, and does not find it in a log afterwards. */
function withoutSecret(finding: Finding): Finding {
  const isValue = finding.path[0] === 'data' || finding.path[0] === 'stringData';
  return isValue ? { ...finding, found: undefined } : finding;
}

function metadataError(field: string, message: string, found: string, expected: string): Finding {
  return { code: 'MW1004', severity: 'error', message, path: ['metadata', field], found: shown(found), expected };
}

function unknownKind(resource: Resource): Finding {
  const group = groupOf(resource.apiVersion);
  const known = findKind({ group, kind: resource.kind });
  if (known !== undefined) {
    const versions = known.versions.map((version) => (group === '' ? version : `${group}/${version}`));
    return {
      code: 'MW1007',
      severity: 'warning',
      message: `${resource.kind} has no version ${shown(resource.apiVersion)} that Meshwise knows; it is kept unchecked`,
      path: ['apiVersion'],
      found: shown(resource.apiVersion),
      expected: versions.join(' or '),
    };
  }
  const sameGroup = KNOWN_KINDS.filter((kind) => kind.group === group);
  const meant = didYouMean(
    resource.kind,
    sameGroup.map((kind) => kind.kind),
  );
  return {
    code: 'MW1007',
    severity: meant === undefined ? 'info' : 'warning',
    message: `Meshwise has no schema for ${resource.kind} of ${resource.apiVersion}; it is kept unchecked`,
    path: ['kind'],
    found: shown(resource.kind),
    expected: meant,
  };
}
