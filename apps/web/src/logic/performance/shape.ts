/** Whether an answer has the parts a page reads; the daemon validates the rest against the schema. */
export function hasFields<T>(value: unknown, names: readonly (keyof T & string)[]): value is T {
  return typeof value === 'object' && value !== null && names.every((name) => Reflect.get(value, name) !== undefined);
}
