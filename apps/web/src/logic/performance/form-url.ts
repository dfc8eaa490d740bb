import { isSecretHeader } from '@meshwise/load';
import { EMPTY_FORM, type HeaderRow, type PlanForm, type StageRow } from './plan-form.ts';

/** The form in an address: only what differs from the empty form, so that a plan can be sent to somebody. */
export type FormSearch = Readonly<Record<string, string>>;

/** In front of what would read as nothing, since nothing means the default. */
const EMPTIED = '-';
/** Longer ones would not survive every program that passes an address on. */
const LONGEST_TEXT = 4_000;
const TEXTS = [
  'target',
  'path',
  'name',
  'rps',
  'cap',
  'duration',
  'warmUp',
  'connections',
  'method',
  'body',
  'p50',
  'p99',
  'errors',
  'achieved',
  'rounds',
  'block',
  'streams',
  'timeout',
  'connectTimeout',
  'limit',
  'workers',
  'seed',
  'abortErrors',
  'abortP99',
  'serverName',
  'ca',
] as const satisfies readonly (keyof PlanForm)[];
const FLAGS = ['compare', 'keepAlive', 'burst', 'verify'] as const satisfies readonly (keyof PlanForm)[];
const CHOICES = {
  from: ['', 'outside', 'inside'],
  pace: ['rate', 'stages', 'closed'],
  arrivals: ['constant', 'poisson'],
  protocol: ['http1', 'http2', 'grpc'],
} as const;
type Choice = keyof typeof CHOICES;
const CHOICE_NAMES = Object.keys(CHOICES) as Choice[];

/** Whether something of the form is not in its address: addresses end up in histories and logs, so secrets stay out of them. */
export function leavesOut(form: PlanForm): boolean {
  const secret = form.headers.some(({ name, value }) => isSecretHeader(name) && value !== '');
  return secret || form.key !== '' || form.certificate !== '' || TEXTS.some((name) => form[name].length > LONGEST_TEXT);
}

export function formToSearch(form: PlanForm): FormSearch {
  const search: Record<string, string> = {};
  for (const name of TEXTS) {
    const text = form[name];
    if (text === EMPTY_FORM[name] || text.length > LONGEST_TEXT) continue;
    // An emptied field is not one at its default.
    search[name] = text === '' || text.startsWith(EMPTIED) ? `${EMPTIED}${text}` : text;
  }
  for (const name of FLAGS) if (form[name] !== EMPTY_FORM[name]) search[name] = form[name] ? 'yes' : 'no';
  for (const name of CHOICE_NAMES) if (form[name] !== EMPTY_FORM[name]) search[name] = form[name];
  if (form.pace === 'stages') search['stages'] = form.stages.map(stageText).join(',');
  if (form.headers.length > 0) search['headers'] = form.headers.map(headerText).join('\n');
  return search;
}

/** Whatever stands in an address; what does not fit is the default. Consent is never taken from an address. */
export function searchToForm(raw: Readonly<Record<string, unknown>>): PlanForm {
  const texts = TEXTS.flatMap((name) => {
    const text = raw[name];
    return typeof text === 'string' && text !== '' ? [[name, text.startsWith(EMPTIED) ? text.slice(1) : text]] : [];
  });
  const flags = FLAGS.flatMap((name) =>
    raw[name] === 'yes' || raw[name] === 'no' ? [[name, raw[name] === 'yes']] : [],
  );
  const choices = CHOICE_NAMES.flatMap((name) => {
    const allowed: readonly string[] = CHOICES[name];
    const value = raw[name];
    return typeof value === 'string' && allowed.includes(value) ? [[name, value]] : [];
  });
  const stages = typeof raw['stages'] === 'string' ? raw['stages'].split(',').map(readStage) : EMPTY_FORM.stages;
  const headers = typeof raw['headers'] === 'string' ? raw['headers'].split('\n').map(readHeader) : [];
  return { ...EMPTY_FORM, ...Object.fromEntries([...texts, ...flags, ...choices]), stages, headers };
}

/** What an address of the form may hold, as the router's validation of it. */
export function readFormSearch(raw: Readonly<Record<string, unknown>>): FormSearch {
  return formToSearch(searchToForm(raw));
}

function stageText({ from, to, duration }: StageRow): string {
  return `${from}..${to}@${duration}`;
}

function readStage(text: string): StageRow {
  const [rates = '', duration = ''] = text.split('@');
  const [from = '', to = from] = rates.split('..');
  return { from, to, duration };
}

function headerText({ name, value }: HeaderRow): string {
  return `${name}: ${isSecretHeader(name) ? '' : value}`;
}

function readHeader(line: string): HeaderRow {
  const colon = line.indexOf(':');
  return colon === -1
    ? { name: line.trim(), value: '' }
    : { name: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() };
}
