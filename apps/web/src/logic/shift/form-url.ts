import { EMPTY_SHIFT, type ShiftForm } from './form.ts';
import type { Split } from './split.ts';

/** The form in an address: what differs from the empty form, so that a plan can be sent to somebody. */
export type ShiftSearch = Readonly<Record<string, string>>;

const TEXTS = [
  'target',
  'name',
  'ladder',
  'hold',
  'minRequests',
  'success',
  'p99',
  'dataTimeout',
  'testersVersion',
  'testersName',
  'testersValue',
  'mirrorVersion',
  'mirrorPercent',
] as const satisfies readonly (keyof ShiftForm)[];
const CHOICES = {
  when: ['steps', 'now'],
  onFailure: ['Restore', 'Pause'],
  testers: ['none', 'header', 'cookie'],
} as const;
const CHOICE_NAMES = Object.keys(CHOICES) as (keyof typeof CHOICES)[];
/** In front of what would read as nothing, since nothing means the default. */
const EMPTIED = '-';

export function shiftToSearch(form: ShiftForm): ShiftSearch {
  const search: Record<string, string> = {};
  for (const name of TEXTS) {
    const text = form[name];
    if (text !== EMPTY_SHIFT[name]) search[name] = text === '' || text.startsWith(EMPTIED) ? `${EMPTIED}${text}` : text;
  }
  for (const name of CHOICE_NAMES) if (form[name] !== EMPTY_SHIFT[name]) search[name] = form[name];
  const split = Object.entries(form.split);
  if (split.length > 0) search['split'] = split.map(([name, weight]) => `${name}:${weight}`).join(',');
  if (form.locked.length > 0) search['locked'] = form.locked.join(',');
  return search;
}

/** Whatever stands in an address; what does not fit is the default. */
export function searchToShift(raw: Readonly<Record<string, unknown>>): ShiftForm {
  const texts = TEXTS.flatMap((name) => {
    const text = raw[name];
    return typeof text === 'string' && text !== '' ? [[name, text.startsWith(EMPTIED) ? text.slice(1) : text]] : [];
  });
  const choices = CHOICE_NAMES.flatMap((name) => {
    const allowed: readonly string[] = CHOICES[name];
    const value = raw[name];
    return typeof value === 'string' && allowed.includes(value) ? [[name, value]] : [];
  });
  const split = readSplit(raw['split']);
  const locked =
    typeof raw['locked'] === 'string' ? raw['locked'].split(',').filter((name) => Object.hasOwn(split, name)) : [];
  return { ...EMPTY_SHIFT, ...Object.fromEntries([...texts, ...choices]), split, locked };
}

/** What an address of the wizard may hold, as the router's validation of it. */
export function readShiftSearch(raw: Readonly<Record<string, unknown>>): ShiftSearch {
  return shiftToSearch(searchToShift(raw));
}

/** Only a split that is whole is one. */
function readSplit(value: unknown): Split {
  if (typeof value !== 'string') return {};
  const entries = value.split(',').map((part) => /^([a-z0-9-]+):(\d{1,3})$/.exec(part)?.slice(1) ?? []);
  const split = Object.fromEntries(
    entries.flatMap(([name, weight]) => (name === undefined ? [] : [[name, Number(weight)]])),
  );
  const sum = Object.values(split).reduce((total, weight) => total + weight, 0);
  return sum === 100 ? split : {};
}
