import { fileURLToPath } from 'node:url';
import { findKind, GATEWAY_API, type KindDefinition } from '@meshwise/resources';
import { type FieldInExamples, fieldsInExamples } from './fields/examples.ts';
import { type NamedTest, namedTests, testOf } from './fields/named-tests.ts';
import { fieldsOf } from './fields/schema-fields.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const NETWORKING = 'networking.istio.io';
const OURS = 'meshwise.dev';
/** A label stands for a kind that shares its name with one of another group. */
const KINDS: readonly (readonly [group: string, kind: string, label?: string])[] = [
  [NETWORKING, 'VirtualService'],
  [NETWORKING, 'DestinationRule'],
  [NETWORKING, 'Gateway'],
  [NETWORKING, 'ServiceEntry'],
  [NETWORKING, 'WorkloadEntry'],
  [NETWORKING, 'WorkloadGroup'],
  [NETWORKING, 'Sidecar'],
  [NETWORKING, 'ProxyConfig'],
  ['telemetry.istio.io', 'Telemetry'],
  [NETWORKING, 'EnvoyFilter'],
  ['security.istio.io', 'PeerAuthentication'],
  ['security.istio.io', 'RequestAuthentication'],
  ['security.istio.io', 'AuthorizationPolicy'],
  [GATEWAY_API, 'GatewayClass'],
  [GATEWAY_API, 'Gateway', 'Gateway (Gateway API)'],
  [GATEWAY_API, 'HTTPRoute'],
  [GATEWAY_API, 'GRPCRoute'],
  [GATEWAY_API, 'TLSRoute'],
  [GATEWAY_API, 'TCPRoute'],
  [GATEWAY_API, 'ReferenceGrant'],
  [GATEWAY_API, 'BackendTLSPolicy'],
  ['split.smi-spec.io', 'TrafficSplit'],
  ['access.smi-spec.io', 'TrafficTarget'],
  ['specs.smi-spec.io', 'HTTPRouteGroup'],
  ['specs.smi-spec.io', 'TCPRoute', 'TCPRoute (SMI)'],
  ['specs.smi-spec.io', 'UDPRoute'],
  [OURS, 'TrafficPolicy'],
  [OURS, 'TrafficShift'],
];

/** One field of one kind. */
export interface FieldRow {
  /** Its label, where it has one. */
  readonly kind: string;
  readonly field: string;
  /** Undefined: no complete example has the field. */
  readonly example?: FieldInExamples;
  readonly test?: NamedTest;
}

/** Every field of every kind: read from the schemas, judged by the readers on complete examples, found in names of tests. */
export function fieldRows(): readonly FieldRow[] {
  const kinds = KINDS.flatMap(([group, kind, label = kind]) => {
    const definition = findKind({ group, kind });
    return definition === undefined ? [] : [{ definition, label }];
  });
  const tests = namedTests(
    ROOT,
    kinds.map(({ label }) => label),
  );
  return kinds.flatMap(({ definition, label }) => rowsOf(definition, label, tests));
}

function rowsOf(definition: KindDefinition, kind: string, tests: readonly NamedTest[]): readonly FieldRow[] {
  const fields = fieldsOf(definition);
  const examples = fieldsInExamples(definition, new Set(fields));
  const own = tests.filter((test) => test.kind === kind);
  return fields.map((field): FieldRow => {
    const example = examples.get(field);
    const test = testOf(field, own);
    return { kind, field, ...(example === undefined ? {} : { example }), ...(test === undefined ? {} : { test }) };
  });
}

/** Whether some value of it has the effect that its reference says. */
export function isEnforced({ example }: FieldRow): boolean {
  return example?.reason === undefined || example.isEnforcedInPart;
}

const HEAD = `# Fields

Every field of every kind: whether it is enforced and which test says so, or why it is not. Written by \`npm run docs\`
from the schemas of the kinds, from what readers say of
[complete examples](../packages/meshes/src/testing/complete), and from the names of tests; a test compares it.

- **yes**: it has the effect that the reference of its kind says.
- **in part**: some values have it; the others are reported, in the words that stand here.
- **no**: it is reported, in the words that stand here. Nothing is dropped in silence.

Lists and maps are written without brackets: \`http.match.uri\` is \`spec.http[].match[].uri\`. A part that stands in several
places, such as the \`trafficPolicy\` of a subset, is listed once in full. Of several tests the nearest to a real proxy is
named: under \`control-plane\` an Envoy carries the field out, under \`plans\` it is in what proxies are told.
`;

/** docs/fields.md. */
export function fieldsPage(rows: readonly FieldRow[] = fieldRows()): string {
  const kinds = [...new Set(rows.map(({ kind }) => kind))];
  const counts = kinds.map((kind) => countsOf(kind, ofKind(rows, kind)));
  const table = ['| kind | fields | yes | in part | no | tested |', '| --- | --- | --- | --- | --- | --- |', ...counts];
  const sections = kinds.map((kind) => `\n## ${kind}\n\n${sectionOf(ofKind(rows, kind))}`);
  return `${HEAD}\n${table.join('\n')}\n${sections.join('')}`;
}

function ofKind(rows: readonly FieldRow[], kind: string): readonly FieldRow[] {
  return rows.filter((row) => row.kind === kind);
}

function countsOf(kind: string, rows: readonly FieldRow[]): string {
  const answers = rows.map(answerTo);
  const count = (answer: string) => answers.filter((one) => one === answer).length;
  const tested = rows.filter(({ test }) => test !== undefined).length;
  const cells = [rows.length, count('yes'), count('in part'), count('no'), tested];
  return `| [${kind}](#${anchorOf(kind)}) | ${cells.join(' | ')} |`;
}

/** Of a heading, as pages of Markdown are linked. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-');
}

function answerTo(row: FieldRow): 'yes' | 'in part' | 'no' {
  if (!isEnforced(row)) return 'no';
  return row.example?.reason === undefined ? 'yes' : 'in part';
}

/** Tests are in few files, whose paths are long. */
function sectionOf(rows: readonly FieldRow[]): string {
  const lines = rows.map((row) => {
    const reason = row.example?.reason;
    const answer = reason === undefined ? answerTo(row) : `${answerTo(row)}: ${reason}`;
    const { name = '', file = '' } = row.test ?? {};
    return `| \`${row.field}\` | ${cell(answer)} | ${cell(name)} | ${file === '' ? '' : `[${shortOf(file)}](../${file})`} |`;
  });
  return `| field | enforced | test | in |\n| --- | --- | --- | --- |\n${lines.join('\n')}\n`;
}

/** `plans/routing`, of its whole path. */
function shortOf(file: string): string {
  return file.split('/').slice(-2).join('/').replace('.test.ts', '');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
