import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseResources } from './parse.ts';
import { toYaml, toYamlFile } from './to-yaml.ts';

describe('Resources as YAML', () => {
  it('put known fields first and lists without extra indentation', () => {
    const text = toYaml({
      status: { a: 1 },
      spec: { ports: [{ port: 80 }], selector: {} },
      metadata: { labels: { app: 'a' }, name: 's', managedFields: [] },
      kind: 'Service',
      apiVersion: 'v1',
    });
    expect(text).toBe(
      'apiVersion: v1\nkind: Service\nmetadata:\n  name: s\n  labels:\n    app: a\nspec:\n  ports:\n  - port: 80\n  selector: {}\nstatus:\n  a: 1\n',
    );
  });

  it('quote text that Kubernetes would read as something else', () => {
    const words = [
      'yes',
      'on',
      '014',
      '1_000',
      '0o14',
      '~',
      '',
      '1e3',
      '.inf',
      '12:30',
      '2001-01-01',
      '<<',
      '- a',
      '# b',
      'a: b',
    ];
    const resource = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a' },
      data: Object.fromEntries(words.map((word, index) => [`k${index}`, word])),
    };
    const text = toYaml(resource);
    expect(text).toContain('"yes"');
    expect(parseResources(text, { file: 'f' }).resources[0]?.resource).toEqual(resource);
  });

  it('are read back as the same value, whatever the data', () => {
    const name = fc.stringMatching(/^[a-z]{1,8}$/);
    const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[-+.0-9a-fnoxyeNOY_:~]{0,6}$/));
    fc.assert(
      fc.property(fc.dictionary(fc.oneof(name, fc.stringMatching(/^[\w .:#-]{1,6}$/)), value), (data) => {
        const resource = { apiVersion: 'example.dev/v1', kind: 'Widget', metadata: { name: 'a' }, data: { ...data } };
        const { resources, problems } = parseResources(toYamlFile([resource, resource]), { file: 'f' });
        expect(problems).toEqual([]);
        expect(resources.map((item) => item.resource)).toEqual([resource, resource]);
      }),
      { numRuns: 300 },
    );
  });
});
