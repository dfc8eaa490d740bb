import { type FieldReader, type MeshSettingsItem, splitVariables } from '@meshwise/model';
import { parseYamlValue } from '@meshwise/resources';

export type LogFormat = { readonly text: string } | { readonly json: Readonly<Record<string, unknown>> };

/** What a proxy may write to: its own output. Any other path would be a file of the machine that runs the mesh. */
const OUTPUTS: readonly string[] = ['/dev/stdout', '/dev/stderr'];

/** `accessLogFile`, `accessLogFormat` and `accessLogEncoding` of MeshConfig. */
export function readAccessLogSettings(mesh: FieldReader): MeshSettingsItem['accessLog'] {
  const path = readOutput(mesh, 'accessLogFile');
  const format = mesh.string('accessLogFormat');
  const encoding = mesh.string('accessLogEncoding') ?? 'TEXT';
  if (encoding !== 'TEXT' && encoding !== 'JSON') mesh.invalid('accessLogEncoding', 'is neither TEXT nor JSON');
  if (path === undefined) return undefined;
  if (encoding !== 'JSON') return { path, ...readText(mesh, 'accessLogFormat') };
  return { path, json: readJsonFormat(mesh, format) };
}

/** An output of the proxy; undefined, and reported, for anything else. */
export function readOutput(field: FieldReader, name: string): string | undefined {
  const path = field.string(name);
  if (path === undefined || path === '') return undefined;
  if (OUTPUTS.includes(path)) return path;
  field.unsupported(name, `is not written: only ${OUTPUTS.join(' and ')} are`);
  return undefined;
}

function readJsonFormat(mesh: FieldReader, format: string | undefined): Readonly<Record<string, unknown>> {
  if (format === undefined || format === '') return {};
  const parsed = parseYamlValue(format);
  if ('value' in parsed && isObject(parsed.value) && isFormat(parsed.value)) return parsed.value;
  mesh.invalid(
    'accessLogFormat',
    'is not a JSON object of texts with variables that exist; the default fields are written',
  );
  return {};
}

/** `logFormat` of the logging providers: a text, or labels with their values. */
export function readLogFormat(field: FieldReader | undefined): LogFormat | undefined {
  const text = field === undefined ? {} : readText(field, 'text');
  const labels = field?.object('labels');
  field?.rest();
  if (text.text !== undefined) return { text: text.text };
  if (labels === undefined || !isObject(labels.value)) return undefined;
  if (isFormat(labels.value)) return { json: labels.value };
  field?.invalid('labels', 'names variables that do not exist; the default fields are written');
  return { json: {} };
}

function readText(field: FieldReader, name: string): { readonly text?: string } {
  const text = field.string(name);
  if (text === undefined || text === '') return {};
  if (isFormat(text)) return { text };
  field.invalid(name, 'names variables that do not exist; the default text is written');
  return {};
}

/** Whether every percent sign belongs to a variable: a proxy refuses a listener for one that does not. */
export function isFormat(format: unknown): boolean {
  if (typeof format === 'string')
    return splitVariables(format).every((text, index) => index % 2 === 1 || !text.includes('%'));
  if (typeof format !== 'object' || format === null) return true;
  return Object.entries(format).every(([key, value]) => isFormat(key) && isFormat(value));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
