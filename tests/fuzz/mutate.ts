/** Random numbers that are the same for the same seed (mulberry32). */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0, inclusive, to 1, exclusive. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let value = this.#state;
    value = Math.imul(value ^ (value >>> 15), value | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  one<T>(list: readonly T[]): T {
    const item = list[this.below(list.length)];
    if (item === undefined) throw new RangeError('nothing to choose from');
    return item;
  }
}

type Container = Record<string, unknown> | unknown[];

interface Place {
  readonly holder: Container;
  readonly key: string | number;
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

function places(value: unknown, found: Place[] = []): readonly Place[] {
  if (!isContainer(value)) return found;
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    const place: Place = { holder: value, key };
    found.push(place);
    places(get(place), found);
  }
  return found;
}

function get({ holder, key }: Place): unknown {
  return (holder as Record<string | number, unknown>)[key];
}

function set({ holder, key }: Place, value: unknown): void {
  (holder as Record<string | number, unknown>)[key] = value;
}

const NUMBERS = [0, -1, 1, 0.5, 100.1, 65_535, 65_536, 2 ** 31, 2 ** 32, 2 ** 53, 1e21, 1e308, -1e308, Number.NaN];
const TEXTS = [
  '',
  ' ',
  '*',
  '*.',
  '.',
  '/',
  '\0',
  'a\r\nb: c',
  'ünïcödé',
  '🙂',
  '‮x',
  '(',
  '(?!a)b',
  '[',
  '%',
  '%PREFIX()%',
  '%REQ(x',
  'UNKNOWN_WORD',
  'a b',
  'A',
  ':authority',
  'host',
  '-1s',
  '0s',
  '1ns',
  '0.0001s',
  '999999999h',
  '315576000001s',
  '1e3s',
  '1h1m1s1ms',
  '256.256.256.256',
  '::1',
  '10.0.0.0/99',
  'unix:///',
  '__proto__',
  'constructor',
  '{{x}}',
  'outbound|1||x',
  'x'.repeat(300),
  'x'.repeat(20_000),
];

function nested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? { a: value } : [value];
  return value;
}

type Mutation = (dice: Dice, all: readonly Place[]) => void;

const MUTATIONS: readonly Mutation[] = [
  function remove(dice, all) {
    const { holder, key } = dice.one(all);
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
  },
  function wrongType(dice, all) {
    set(dice.one(all), dice.one<unknown>([null, true, [], {}, 'text', 7, ['a'], { a: 1 }, [[]]]));
  },
  function hugeNumber(dice, all) {
    const numbers = all.filter((place) => typeof get(place) === 'number');
    set(dice.one(numbers.length > 0 ? numbers : all), dice.one(NUMBERS));
  },
  function oddText(dice, all) {
    const texts = all.filter((place) => typeof get(place) === 'string');
    set(dice.one(texts.length > 0 ? texts : all), dice.one(TEXTS));
  },
  function longerText(dice, all) {
    const texts = all.filter((place) => typeof get(place) === 'string');
    if (texts.length === 0) return;
    const place = dice.one(texts);
    set(place, `${String(get(place))}${dice.one(TEXTS)}`);
  },
  function deeper(dice, all) {
    set(dice.one(all), nested(dice.one([3, 30, 300])));
  },
  function twice(dice, all) {
    const lists = all.filter((place) => Array.isArray(get(place)));
    if (lists.length === 0) return;
    const list = get(dice.one(lists)) as unknown[];
    if (list.length > 0) list.push(structuredClone(dice.one(list)));
  },
  function many(dice, all) {
    const lists = all.filter((place) => Array.isArray(get(place)));
    if (lists.length === 0) return;
    const list = get(dice.one(lists)) as unknown[];
    if (list.length > 0) for (let count = 0; count < 40; count += 1) list.push(structuredClone(list[0]));
  },
  function exchange(dice, all) {
    const [one, other] = [dice.one(all), dice.one(all)];
    const value = structuredClone(get(one));
    set(one, structuredClone(get(other)));
    set(other, value);
  },
  function odderKey(dice, all) {
    const maps = all.filter(({ holder }) => !Array.isArray(holder));
    if (maps.length === 0) return;
    const place = dice.one(maps);
    (place.holder as Record<string, unknown>)[dice.one(TEXTS)] = structuredClone(get(place));
  },
];

/** A copy with one to four things changed. Its kind and name stay, since another kind would be another test. */
export function mutated(resource: object, dice: Dice): object {
  const copy = structuredClone(resource) as Record<string, unknown>;
  const changes = 1 + dice.below(4);
  for (let count = 0; count < changes; count += 1) {
    const all = places(copy['spec'] ?? copy['data']);
    if (all.length > 0) dice.one(MUTATIONS)(dice, all);
  }
  return copy;
}

const DAMAGES = [
  '{',
  '}',
  '[',
  ']',
  ': ',
  '- ',
  '\n',
  '\t',
  '"',
  "'",
  '&a ',
  '*a',
  '<<: ',
  '---\n',
  '!!int ',
  '#',
  '\0',
  '~',
  '🙂',
  '  ',
];

/** The text with lines repeated (duplicate keys), taken away, or damaged. */
export function damaged(text: string, dice: Dice): string {
  const lines = text.split('\n');
  const at = dice.below(lines.length);
  const line = lines[at] ?? '';
  const choice = dice.below(4);
  if (choice === 0) lines.splice(at, 0, line);
  else if (choice === 1) lines.splice(at, 1);
  else if (choice === 2) lines[at] = `  ${line}`;
  else {
    const column = dice.below(line.length + 1);
    lines[at] = `${line.slice(0, column)}${dice.one(DAMAGES)}${line.slice(column)}`;
  }
  return lines.join('\n');
}
