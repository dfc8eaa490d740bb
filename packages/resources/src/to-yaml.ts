import { Document, isMap, isScalar, visit } from 'yaml';
import type { Resource } from './resource.ts';
import { resolvePlain } from './yaml/scalars.ts';

const topLevel = ['apiVersion', 'kind', 'metadata', 'type', 'spec', 'data', 'stringData', 'status'];
const inMetadata = ['name', 'generateName', 'namespace', 'labels', 'annotations'];

export interface YamlOptions {
  /** Leaves out `metadata.managedFields`, as kubectl does. Default true. */
  readonly hideManagedFields?: boolean;
}

/**
 * One resource as a YAML document that Kubernetes reads back as the same value: text that its YAML 1.1 rules would take
 * for something else (`on`, `014`, `1_000`) is quoted. Known fields come first, others in the order they have.
 */
export function toYaml(resource: Resource, options: YamlOptions = {}): string {
  const { metadata, ...rest } = resource;
  const { managedFields, ...shownMeta } = metadata;
  const keepsManaged = options.hideManagedFields === false && managedFields !== undefined;
  const meta = ordered(keepsManaged ? { ...shownMeta, managedFields } : shownMeta, inMetadata);
  return yamlText(ordered({ ...rest, metadata: meta }, topLevel));
}

/** Several resources as one file, separated by `---`. */
export function toYamlFile(resources: readonly Resource[], options: YamlOptions = {}): string {
  return resources.map((resource) => toYaml(resource, options)).join('---\n');
}

function yamlText(value: unknown): string {
  // Kept as 1.2 text and quoted by hand: the library's own 1.1 mode follows other rules than go-yaml.
  const document = new Document(value, { aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === 'string' && mustBeQuoted(node.value)) node.type = 'QUOTE_DOUBLE';
    },
    Pair(_key, pair) {
      if (isScalar(pair.key) && isMap(pair.value) && pair.value.items.length === 0) pair.value.flow = true;
    },
  });
  return document.toString({ lineWidth: 0, indentSeq: false });
}

/** Also `<<` and dates: Kubernetes leaves dates as text, other readers of the file may not. */
function mustBeQuoted(text: string): boolean {
  return (
    resolvePlain(text) !== text ||
    text === '<<' ||
    text === '=' ||
    /^\d+(?::[0-5]?\d)+(?:\.\d*)?$/.test(text) ||
    /^\d{4}-\d\d?-\d\d?/.test(text)
  );
}

function ordered(object: Readonly<Record<string, unknown>>, first: readonly string[]): Record<string, unknown> {
  const names = [
    ...first.filter((name) => object[name] !== undefined),
    ...Object.keys(object).filter((name) => !first.includes(name)),
  ];
  return Object.fromEntries(names.filter((name) => object[name] !== undefined).map((name) => [name, object[name]]));
}
