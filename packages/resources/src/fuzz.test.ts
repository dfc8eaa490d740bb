import { MeshwiseError } from '@meshwise/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withDefaults } from './defaults/with-defaults.ts';
import { diffResources } from './diff.ts';
import { parseResources } from './parse.ts';
import { SqliteResourceStore } from './sqlite/store.ts';
import { toYaml } from './to-yaml.ts';
import { validateResource } from './validate/validate-resource.ts';

const fixtures = [
  'apiVersion: v1\nkind: Service\nmetadata:\n  name: s\n  labels: &l {app: a}\nspec:\n  selector: *l\n  ports:\n  - port: 80\n    name: "http"\n',
  'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: d}\nspec:\n  selector: {matchLabels: {a: b}}\n  template:\n    metadata: {labels: {a: b}}\n    spec:\n      containers:\n      - name: c\n        image: i\n        env:\n        - {name: A, value: "1"}\n        command: [sh, -c, |\n          echo hi\n          ]\n',
  'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: v}\nspec:\n  hosts: [a]\n  http:\n  - match: [{uri: {prefix: /x}}]\n    route:\n    - destination: {host: a, port: {number: 1}}\n      weight: 50\n    <<: {timeout: 1s}\n',
  '{"apiVersion":"v1","kind":"List","items":[{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{"a":"\\u00e4"}}]}',
];
const snippets = [
  '{',
  '}',
  '[',
  ']',
  ':',
  ': ',
  '- ',
  '\n',
  '\t',
  '"',
  "'",
  '|',
  '>',
  '&a ',
  '*a',
  '<<: ',
  '---\n',
  '...\n',
  '!!int ',
  '? ',
  '#',
  '%',
  '\\',
  '\u0000',
  '~',
  '__proto__: ',
  'null',
  '1e999',
  '.nan',
  '🙂',
  '  ',
  '@',
  '`',
];

const change = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.nat(12),
  insert: fc.oneof(fc.constantFrom(...snippets), fc.string({ maxLength: 6 })),
});
const mutated = fc
  .tuple(fc.constantFrom(...fixtures), fc.array(change, { minLength: 1, maxLength: 6 }))
  .map(([text, changes]) =>
    changes.reduce((current, { at, remove, insert }) => {
      const place = Math.floor(at * current.length);
      return current.slice(0, place) + insert + current.slice(place + remove);
    }, text),
  );

describe('Damaged input', () => {
  it('gives resources and problems with a place, and never an exception', () => {
    fc.assert(
      fc.property(mutated, (text) => {
        const { resources, problems } = parseResources(text, { file: 'in.yaml' });
        for (const problem of problems) expect(problem.line).toBeGreaterThan(0);
        for (const parsed of resources) {
          for (const problem of validateResource(parsed)) expect(problem.line).toBeGreaterThan(0);
          diffResources(parsed.resource, withDefaults(parsed.resource));
          toYaml(parsed.resource);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('makes the store answer or throw a MeshwiseError', async () => {
    const store = new SqliteResourceStore({ path: ':memory:' });
    await fc.assert(
      fc.asyncProperty(mutated, fc.constantFrom('one', 'two'), async (text, fieldManager) => {
        for (const { resource } of parseResources(text, { file: 'in.yaml' }).resources) {
          try {
            await store.apply(resource, { fieldManager });
            expect((await store.apply(resource, { fieldManager })).outcome).toBe('unchanged');
          } catch (error) {
            expect(error).toBeInstanceOf(MeshwiseError);
          }
        }
      }),
      { numRuns: 300 },
    );
    store.close();
  });
});
