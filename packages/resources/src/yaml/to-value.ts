import { isAlias, isCollection, isMap, isScalar, isSeq, type Node, type Pair, type Scalar } from 'yaml';
import type { ParseLimits } from '../limits.ts';
import type { Recorder } from '../positions.ts';
import { type ComposedDocument, tooDeep, YamlFailure } from './compose.ts';
import { resolvePlain } from './scalars.ts';
import { resolveTagged } from './tags.ts';

type Value = null | boolean | number | string | Value[] | { [key: string]: Value };

/**
 * The JSON value of one composed document, with aliases, merge keys (`<<`) and map keys as go-yaml v2 treats them and
 * duplicate keys refused. An alias gives the very object of its anchor: nothing is copied, and what it would be when
 * written out is counted, so that aliases of aliases of aliases end at the limit and not at the end of memory.
 */
export function documentValue(document: ComposedDocument, limits: ParseLimits, record?: Recorder): Value {
  const contents = document.contents;
  return contents === null ? null : new Conversion(limits, record).convert(contents, 0);
}

class Conversion {
  readonly #limits: ParseLimits;
  readonly #record: Recorder | undefined;
  /** Anchors by name, with the latest definition winning; undefined while the anchored node itself is converted. */
  readonly #anchors = new Map<string, { value: Value; size: number } | undefined>();
  /** Values converted so far, aliases counted with all they stand for. */
  #size = 0;
  #aliased = 0;

  constructor(limits: ParseLimits, record: Recorder | undefined) {
    this.#limits = limits;
    this.#record = record;
  }

  convert(node: Node | null | undefined, depth: number): Value {
    if (node === null || node === undefined) return null;
    if (isAlias(node)) return this.#alias(node.source, offsetOf(node));
    const anchor = (node as { anchor?: string }).anchor;
    if (anchor !== undefined) this.#anchors.set(anchor, undefined);
    const before = this.#size++;
    const value = this.#content(node, depth);
    if (anchor !== undefined) this.#anchors.set(anchor, { value, size: this.#size - before });
    return value;
  }

  #content(node: Node, depth: number): Value {
    if (isScalar(node)) return scalarValue(node);
    if (isCollection(node) && depth >= this.#limits.maxDepth) throw tooDeep(this.#limits.maxDepth, offsetOf(node));
    if (isSeq(node)) {
      const list: Value[] = [];
      node.items.forEach((item, index) => {
        const offset = offsetOf(item as Node) ?? offsetOf(node);
        this.#record?.(list, index, offset, offset);
        list.push(this.convert(item as Node, depth + 1));
      });
      return list;
    }
    if (isMap(node)) return this.#map(node.items as Pair<Node, Node | null>[], depth);
    throw new YamlFailure('MW1001', 'This YAML node has no value in JSON', offsetOf(node));
  }

  #alias(name: string, offset: number): Value {
    const anchored = this.#anchors.get(name);
    if (anchored === undefined) {
      const inside = this.#anchors.has(name);
      throw new YamlFailure(
        'MW1001',
        inside ? `Alias *${name} contains itself` : `Alias *${name} has no anchor`,
        offset,
      );
    }
    this.#size += anchored.size;
    this.#aliased += anchored.size;
    if (this.#aliased > this.#limits.maxAliasedValues) {
      throw new YamlFailure('MW1002', `Aliases stand for more than ${this.#limits.maxAliasedValues} values`, offset);
    }
    return anchored.value;
  }

  #map(pairs: readonly Pair<Node, Node | null>[], depth: number): Value {
    const map: { [key: string]: Value } = {};
    const merges: Pair<Node, Node | null>[] = [];
    for (const pair of pairs) {
      if (isMergeKey(pair.key)) {
        merges.push(pair);
        continue;
      }
      const offset = offsetOf(pair.key);
      const key = this.#key(pair.key, depth);
      if (Object.hasOwn(map, key)) throw new YamlFailure('MW1001', `Key ${JSON.stringify(key)} is there twice`, offset);
      this.#record?.(map, key, offset, pair.value === null ? offset : offsetOf(pair.value));
      put(map, key, this.convert(pair.value, depth + 1));
    }
    for (const pair of merges) this.#merge(map, pair, depth);
    return map;
  }

  #key(node: Node, depth: number): string {
    const key = this.convert(node, depth + 1);
    if (typeof key === 'string') return key;
    if (typeof key === 'number' || typeof key === 'boolean') return String(key);
    throw new YamlFailure('MW1001', 'A key must be text, a number or a boolean', offsetOf(node));
  }

  /** `<<: *one` or `<<: [*one, *two]`: keys of the map itself win, then those of earlier merged maps. */
  #merge(map: { [key: string]: Value }, pair: Pair<Node, Node | null>, depth: number): void {
    const offset = offsetOf(pair.key);
    const merged = this.convert(pair.value, depth + 1);
    for (const source of Array.isArray(merged) ? merged : [merged]) {
      if (source === null || typeof source !== 'object' || Array.isArray(source)) {
        throw new YamlFailure('MW1001', 'A merge key (<<) takes a map or a list of maps', offset);
      }
      for (const [key, value] of Object.entries(source)) {
        if (Object.hasOwn(map, key)) continue;
        this.#record?.(map, key, offset, offset);
        put(map, key, value);
      }
    }
  }
}

function scalarValue(node: Scalar): Value {
  const text = typeof node.value === 'string' ? node.value : String(node.source ?? node.value ?? '');
  const value =
    node.tag !== undefined
      ? resolveTagged(node.tag, text, offsetOf(node))
      : node.type === 'PLAIN' || node.type === undefined
        ? resolvePlain(text)
        : text;
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new YamlFailure('MW1001', `${text} cannot be written in JSON; quote it if it is text`, offsetOf(node));
  }
  return value;
}

function isMergeKey(node: Node): boolean {
  return isScalar(node) && node.type === 'PLAIN' && node.value === '<<' && node.tag === undefined;
}

/** Plain assignment of `__proto__` would change the prototype instead of adding a member. */
function put(map: { [key: string]: Value }, key: string, value: Value): void {
  if (key === '__proto__')
    Object.defineProperty(map, key, { value, enumerable: true, writable: true, configurable: true });
  else map[key] = value;
}

function offsetOf(node: Node | null | undefined): number {
  return node?.range?.[0] ?? 0;
}
