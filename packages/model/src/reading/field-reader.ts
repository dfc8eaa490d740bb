import { keyOf, parseDurationMs, type Resource, type ResourceKey } from '@meshwise/resources';
import type { Origin, Residue } from '../provenance.ts';

const plainName = /^[A-Za-z_$][A-Za-z0-9_$-]*$/;

/**
 * Reads the members of one object of a resource and remembers which of them were asked for. `rest()` then reports all
 * others as unsupported: a field that a reader does not know can only be reported, never dropped in silence.
 *
 * Values of the wrong type are reported as invalid and read as absent: a resource may come from a cluster whose schema
 * is not ours. `null` is absent, as in Kubernetes.
 */
export class FieldReader {
  readonly value: unknown;
  readonly #resource: ResourceKey;
  readonly #path: string;
  readonly #residues: Residue[];
  readonly #seen = new Set<string>();

  private constructor(value: unknown, resource: ResourceKey, path: string, residues: Residue[]) {
    this.value = value;
    this.#resource = resource;
    this.#path = path;
    this.#residues = residues;
  }

  /** `residues` collects the remarks of this reader and of all that come from it. */
  static of(resource: Resource, residues: Residue[]): FieldReader {
    const reader = new FieldReader(resource, keyOf(resource), '', residues);
    return reader.ignore('apiVersion', 'kind', 'metadata', 'status');
  }

  origin(name?: string): Origin {
    const field = name === undefined ? this.#path : this.#pathOf(name);
    return field === '' ? { resource: this.#resource } : { resource: this.#resource, field };
  }

  has(name: string): boolean {
    return this.#peek(name) !== undefined;
  }

  string(name: string): string | undefined {
    return this.#typed(name, 'a string', (value) => typeof value === 'string');
  }

  number(name: string): number | undefined {
    return this.#typed(name, 'a number', (value) => typeof value === 'number' && Number.isFinite(value));
  }

  boolean(name: string): boolean | undefined {
    return this.#typed(name, 'true or false', (value) => typeof value === 'boolean');
  }

  durationMs(name: string): number | undefined {
    const text = this.string(name);
    const durationMs = text === undefined ? undefined : parseDurationMs(text);
    if (text !== undefined && (durationMs === undefined || durationMs < 0)) {
      this.invalid(name, 'is not a duration such as 1.5s');
      return undefined;
    }
    return durationMs;
  }

  strings(name: string): readonly string[] | undefined {
    const list = this.#typed<readonly unknown[]>(name, 'a list', Array.isArray);
    if (list === undefined) return undefined;
    const strings = list.filter((item): item is string => typeof item === 'string');
    if (strings.length < list.length) this.invalid(name, 'has items that are not strings');
    return strings;
  }

  /** A map from names to strings, copied. */
  stringMap(name: string): Readonly<Record<string, string>> | undefined {
    const map = this.#typed<object>(name, 'a map', isObject);
    if (map === undefined) return undefined;
    const entries = Object.entries(map).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    if (entries.length < Object.keys(map).length) this.invalid(name, 'has values that are not strings');
    return Object.fromEntries(entries);
  }

  object(name: string): FieldReader | undefined {
    const value = this.#typed<object>(name, 'an object', isObject);
    return value === undefined ? undefined : this.#child(value, this.#pathOf(name));
  }

  /** The items of a list, scalar or not; empty when absent. */
  list(name: string): readonly FieldReader[] {
    const list = this.#typed<readonly unknown[]>(name, 'a list', Array.isArray) ?? [];
    return list.map((item, index) => this.#child(item, `${this.#pathOf(name)}[${index}]`));
  }

  /** Whether the member is there and no list: `list` reads it as an empty one, which may mean everything. */
  isNoList(name: string): boolean {
    return this.has(name) && !Array.isArray(this.#peek(name));
  }

  /** The members of a map whose values are objects. */
  entries(name: string): readonly (readonly [string, FieldReader])[] {
    const map = this.object(name);
    if (map === undefined) return [];
    return Object.keys(map.value as object).flatMap((key) => {
      const member = map.object(key);
      return member === undefined ? [] : [[key, member] as const];
    });
  }

  /** Marks fields as read that have no effect on a mesh. */
  ignore(...names: readonly string[]): this {
    for (const name of names) this.#seen.add(name);
    return this;
  }

  unsupported(name: string | undefined, message: string): void {
    this.#remark('unsupported', name, message);
  }

  invalid(name: string | undefined, message: string): void {
    this.#remark('invalid', name, message);
  }

  info(name: string | undefined, message: string): void {
    this.#remark('info', name, message);
  }

  /** Reports the named fields as unsupported where they are there; true when one was. */
  refuse(...names: readonly string[]): boolean {
    const present = names.filter((name) => !isEmpty(this.#peek(name)));
    for (const name of present) this.unsupported(name, 'is not enforced');
    this.ignore(...names);
    return present.length > 0;
  }

  /** Reports every field that nobody asked for; true when there was one. Call it last. */
  rest(): boolean {
    if (!isObject(this.value)) return false;
    return this.refuse(...Object.keys(this.value).filter((name) => !this.#seen.has(name)));
  }

  #remark(severity: Residue['severity'], name: string | undefined, message: string): void {
    const origin = this.origin(name);
    this.#residues.push({ origin, severity, message: `${origin.field ?? this.#resource.kind} ${message}` });
  }

  #child(value: unknown, path: string): FieldReader {
    return new FieldReader(value, this.#resource, path, this.#residues);
  }

  #peek(name: string): unknown {
    if (!isObject(this.value) || !Object.hasOwn(this.value, name)) return undefined;
    return (this.value as Readonly<Record<string, unknown>>)[name] ?? undefined;
  }

  #typed<T>(name: string, expected: string, fits: (value: unknown) => boolean): T | undefined {
    this.#seen.add(name);
    const value = this.#peek(name);
    if (value === undefined) return undefined;
    if (fits(value)) return value as T;
    this.invalid(name, `is not ${expected}`);
    return undefined;
  }

  #pathOf(name: string): string {
    if (!plainName.test(name)) return `${this.#path}[${name}]`;
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What says nothing: absent, or a list without items. An empty object may well be a setting. */
function isEmpty(value: unknown): boolean {
  return value === undefined || (Array.isArray(value) && value.length === 0);
}
