import { toBinary } from '@bufbuild/protobuf';
import { AddressSchema } from '../../gen/envoy/config/core/v3/address_pb.js';
import type { Listener } from '../../gen/envoy/config/listener/v3/listener_pb.js';
import type { CheckUnit } from './check-unit.ts';

const MAX_BATCH = 256;
/** Fewer of those that can be large, and can run code of the user's: finding one that never ends costs a time limit per halving. */
const MAX_RESOURCES = 16;

export type Question = readonly [key: string, unit: CheckUnit];

/** What is still to be asked for one purpose, in batches that one configuration can hold. */
export class QuestionLine {
  readonly #wanted = new Map<string, CheckUnit>();
  /** Halves of batches that were refused; the next one last. */
  readonly #halves: (readonly Question[])[] = [];

  get isEmpty(): boolean {
    return this.#wanted.size === 0;
  }

  want(key: string, unit: CheckUnit): void {
    this.#wanted.set(key, unit);
  }

  /** What to ask next. It stays wanted until it is `answered`. */
  next(): readonly Question[] {
    for (let half = this.#halves.pop(); half !== undefined; half = this.#halves.pop()) {
      // Another line may have had the answer meanwhile.
      const open = half.filter(([key]) => this.#wanted.has(key));
      if (open.length > 0) return open;
    }
    return [...takeCompatible(this.#wanted)];
  }

  halve(batch: readonly Question[]): void {
    const middle = Math.ceil(batch.length / 2);
    this.#halves.push(batch.slice(middle), batch.slice(0, middle));
  }

  answered(key: string): void {
    this.#wanted.delete(key);
  }
}

/** As many as one configuration can hold: names and addresses are there once. */
function takeCompatible(wanted: ReadonlyMap<string, CheckUnit>): Map<string, CheckUnit> {
  const batch = new Map<string, CheckUnit>();
  const taken = new Set<string>();
  let resources = 0;
  for (const [key, unit] of wanted) {
    // It may be a script that never ends: by itself, it costs the time limit once.
    const isAlone = unit.kind === 'resource' && unit.resource.type === 'ECDS';
    if (isAlone && batch.size === 0) return new Map([[key, unit]]);
    if (isAlone) continue;
    const places = placesOf(unit);
    if (places.some((place) => taken.has(place))) continue;
    for (const place of places) taken.add(place);
    batch.set(key, unit);
    if (unit.kind === 'resource') resources += 1;
    if (batch.size === MAX_BATCH || resources === MAX_RESOURCES) break;
  }
  return batch;
}

function placesOf(unit: CheckUnit): readonly string[] {
  if (unit.kind !== 'resource') return [];
  const { type, name, message } = unit.resource;
  if (type === 'CDS') return [`cluster ${name}`];
  if (type !== 'LDS') return [];
  const { address } = message as Listener;
  const bytes = address === undefined ? '' : Buffer.from(toBinary(AddressSchema, address)).toString('base64');
  return [`listener ${name}`, `address ${bytes}`];
}
