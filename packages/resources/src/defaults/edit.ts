type Fields = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object with these fields where it has none of its own. */
export function fill(object: Fields, defaults: Fields): Fields {
  const missing = Object.entries(defaults).filter(([name]) => object[name] === undefined || object[name] === null);
  return missing.length === 0 ? object : { ...object, ...Object.fromEntries(missing) };
}

/** The value with one part replaced by what `change` makes of it; unchanged where that part is not there. */
export function edit<T>(value: T, path: readonly string[], change: (part: Fields) => unknown): T {
  if (!isObject(value)) return value;
  const [step, ...rest] = path;
  if (step === undefined) return change(value) as T;
  const part = value[step];
  if (part === undefined) return value;
  return { ...value, [step]: edit(part, rest, change) };
}

/** The object with each item of one of its lists changed. */
export function editItems(object: Fields, list: string, change: (item: Fields) => Fields): Fields {
  const items = object[list];
  if (!Array.isArray(items)) return object;
  return { ...object, [list]: items.map((item) => (isObject(item) ? change(item) : item)) };
}
