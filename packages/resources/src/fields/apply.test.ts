import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalValues } from '../equal.ts';
import { applyFields } from './apply.ts';
import { fieldsOf, fromFieldsV1, toFieldsV1 } from './field-set.ts';
import type { Manager } from './managers.ts';
import { mergeSchema } from './structure.ts';

const schema = mergeSchema({ apiVersion: 'v1', kind: 'Service' });
const deployments = mergeSchema({ apiVersion: 'apps/v1', kind: 'Deployment' });
const by = (manager: string) => ({
  id: { manager, operation: 'Apply' as const, subresource: undefined },
  apiVersion: 'v1',
  time: '2030-01-01T00:00:00Z',
});

describe('Field ownership', () => {
  it('names list items by their keys, with the defaults of keys filled in', () => {
    const fields = fieldsOf({ spec: { ports: [{ port: 80, name: 'http' }], selector: { app: 'a' } } }, schema);
    expect(toFieldsV1(fields)).toEqual({
      'f:spec': {
        'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:name': {}, 'f:port': {} } },
        'f:selector': {},
      },
    });
  });

  it('sees finalizers one by one, selectors and unknown lists as one piece', () => {
    const value = { metadata: { finalizers: ['a/b'] }, spec: { selector: { matchLabels: { a: 'b' } } } };
    expect(toFieldsV1(fieldsOf(value, deployments))).toEqual({
      'f:metadata': { 'f:finalizers': { 'v:"a/b"': {} } },
      'f:spec': { 'f:selector': {} },
    });
    expect(toFieldsV1(fieldsOf({ list: [1], map: { a: {} } }, undefined))).toEqual({
      'f:list': {},
      'f:map': { 'f:a': {} },
    });
  });

  it('follows an object to a version that has its fields in other places (SMI, TrafficTarget)', () => {
    const kind = 'TrafficTarget';
    const [destination, sources] = [{ kind: 'ServiceAccount', name: 'b' }, [{ kind: 'ServiceAccount', name: 'a' }]];
    const first = { apiVersion: 'access.smi-spec.io/v1alpha1', kind, destination, sources, specs: [] };
    const last = { apiVersion: 'access.smi-spec.io/v1alpha3', kind, spec: { destination, sources, rules: [] } };
    const before = applyFields({}, first, mergeSchema(first), [], by('one'), false);
    const after = applyFields(before.value, last, mergeSchema(last), before.managers, by('one'), false);
    expect(after.value).toEqual(last);
  });

  it('replaces a list without keys as a whole and reports the conflict on it', () => {
    const first = applyFields({}, { spec: { list: [1, 2] } }, undefined, [], by('one'), false);
    expect(() =>
      applyFields(first.value, { spec: { list: [3] } }, undefined, first.managers, by('two'), false),
    ).toThrow(/MW2004.*"one" owns .spec.list/);
  });
});

const leaf = fc.constantFrom('1', '2');
const port = fc.record({ port: fc.constantFrom(80, 81), name: leaf }, { requiredKeys: ['port'] });
const config = fc.record(
  {
    metadata: fc.record({ labels: fc.dictionary(fc.constantFrom('a', 'b', 'c'), leaf) }, { requiredKeys: [] }),
    spec: fc.record(
      {
        ports: fc.uniqueArray(port, { selector: (item) => item.port, maxLength: 2 }),
        type: leaf,
        selector: fc.dictionary(fc.constantFrom('a', 'b'), leaf),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

describe('Server-side apply', () => {
  it('whatever came before: applying again changes nothing, and one manager alone gets exactly what it applied', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom('one', 'two', 'three'), config), { maxLength: 8 }),
        config,
        (history, last) => {
          let value: unknown = {};
          let managers: readonly Manager[] = [];
          for (const [manager, applied] of history) {
            ({ value, managers } = applyFields(value, applied, schema, managers, by(manager), true));
          }
          const once = applyFields(value, last, schema, managers, by('one'), true);
          const twice = applyFields(once.value, last, schema, once.managers, by('one'), false);
          expect(equalValues(twice, once)).toBe(true);
          for (const manager of once.managers) {
            expect(fromFieldsV1(toFieldsV1(manager.fields))).toEqual(manager.fields);
          }
          // When the others let go of everything, what is left is what the one manager applied.
          let state = once;
          for (const other of ['two', 'three'])
            state = applyFields(state.value, {}, schema, state.managers, by(other), true);
          expect(withoutEmpty(state.value)).toEqual(withoutEmpty(last));
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** Empty maps and lists may stay behind or not; what counts is what is in them. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(withoutEmpty);
    return items.length === 0 ? undefined : items.sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)));
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).flatMap(([key, member]) => {
    const inner = withoutEmpty(member);
    return inner === undefined ? [] : [[key, inner] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
