import { describe, expect, it } from 'vitest';
import { type ParseOptions, parseResources } from './parse.ts';

const parse = (text: string, limits: NonNullable<ParseOptions['limits']> = {}) =>
  parseResources(text, { file: 'in.yaml', limits });
const map = (fields: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: m\n${fields}`;
const data = (text: string) => parse(map(text)).resources[0]?.resource['data'];

describe('Parsing', () => {
  it('reads several documents and says where each begins', () => {
    const text = `# first\n${map('')}---\n# second\n\n${map('')}---\n---\n`;
    const { resources, problems } = parse(text);
    expect(problems).toEqual([]);
    expect(resources.map((item) => item.source)).toEqual([
      { file: 'in.yaml', line: 2, column: 1 },
      { file: 'in.yaml', line: 9, column: 1 },
    ]);
  });

  it('names line and column of a malformed document and still reads the others', () => {
    const { resources, problems } = parse(`${map('')}---\napiVersion: v1\nkind: [broken\n---\n${map('')}`);
    expect(resources).toHaveLength(2);
    expect(problems).toMatchObject([{ code: 'MW1001', severity: 'error', file: 'in.yaml', line: 7 }]);
  });

  it('says at which line a tab or wrong indentation is', () => {
    expect(parse('a: 1\nb:\n\tc: 2\n').problems).toMatchObject([{ code: 'MW1001', line: 3 }]);
    expect(parse('a: 1\n   b: 2\n').problems).toMatchObject([{ code: 'MW1001' }]);
  });

  it('finds fields by Kubernetes paths, and the closest parent of what is not there', () => {
    const text =
      'apiVersion: v1\nkind: Service\nmetadata:\n  name: s\n  labels:\n    app.kubernetes.io/name: s\nspec:\n  ports:\n  - port: 80\n    name: http\n';
    const [service] = parse(text).resources;
    expect(service?.locate('spec.ports[0].name')).toEqual({ line: 10, column: 5 });
    expect(service?.locate('spec.ports[0].name', 'value')).toEqual({ line: 10, column: 11 });
    expect(service?.locate(['spec', 'ports', 0, 'port'])).toEqual({ line: 9, column: 5 });
    expect(service?.locate('metadata.labels[app.kubernetes.io/name]')).toEqual({ line: 6, column: 5 });
    expect(service?.locate('spec.ports[3].nodePort')).toEqual({ line: 8, column: 3 });
    expect(service?.locate('status')).toEqual({ line: 1, column: 1 });
  });

  it('reads aliases and merge keys, where own keys win', () => {
    expect(data('data:\n  base: &base {x: "1", y1: "2"}\n  copy: *base\n  more: {<<: *base, x: "3"}\n')).toEqual({
      base: { x: '1', y1: '2' },
      copy: { x: '1', y1: '2' },
      more: { x: '3', y1: '2' },
    });
  });

  it.each([
    ['data: {a: 1, a: 2}\n', /"a" is there twice/],
    ['data: *nowhere\n', /\*nowhere/],
    ['data: &a {b: *a}\n', /contains itself/],
    ['data: {a: .inf}\n', /cannot be written in JSON/],
    ['data: {? [a] : 1}\n', /key/],
  ])('refuses %j', (text, message) => {
    const { problems } = parse(map(text));
    expect(problems).toMatchObject([{ code: 'MW1001', line: 5 }]);
    expect(problems[0]?.message).toMatch(message);
  });

  it('keeps tagged and quoted scalars as what they are said to be', () => {
    expect(data('data: {a: !!str 5, b: "yes", c: !!int "7", d: !!binary aGk=, e: !custom on}\n')).toEqual({
      a: '5',
      b: 'yes',
      c: 7,
      d: 'hi',
      e: 'on',
    });
  });

  it('treats null as not set in kinds it knows', () => {
    const [item] = parse(
      'apiVersion: v1\nkind: Service\nmetadata: {name: s, labels: }\nspec: {selector: , ports: []}\n',
    ).resources;
    expect(item?.resource.metadata).toEqual({ name: 's' });
    expect(item?.resource.spec).toEqual({ ports: [] });
  });

  it('reads JSON with exact places, and several values after each other', () => {
    const json = '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},\n "data":{"k":"v"}}';
    const { resources } = parse(`${json}\n${json}`);
    expect(resources).toHaveLength(2);
    expect(resources[1]?.locate('data.k')).toEqual({ line: 4, column: 10 });
    expect(parse('{"apiVersion": "v1",\n "kind": }').problems).toMatchObject([{ code: 'MW1001', line: 2, column: 10 }]);
    expect(parse('{"a": 1, "a": 2}').problems).toMatchObject([{ code: 'MW1001', column: 10 }]);
  });

  it('reads YAML in flow style', () => {
    expect(parse('{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}').resources).toHaveLength(1);
  });

  it('takes the items of a List as resources of their own', () => {
    const text = `apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: a}\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: b}\n`;
    const { resources } = parse(text);
    expect(resources.map((item) => [item.resource.metadata.name, item.source.line])).toEqual([
      ['a', 4],
      ['b', 7],
    ]);
    expect(resources[1]?.locate('metadata.name')).toEqual({ line: 9, column: 14 });
  });

  it.each([
    ['just text\n', undefined],
    ['kind: ConfigMap\nmetadata: {name: a}\n', 'apiVersion'],
    ['apiVersion: v1\nmetadata: {name: a}\n', 'kind'],
    ['apiVersion: v1\nkind: ConfigMap\n', 'metadata'],
    ['apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n', 'metadata.name'],
    ['apiVersion: v1\nkind: ConfigMap\nmetadata: {name: 5}\n', 'metadata.name'],
  ])('says what makes %j no resource', (text, field) => {
    const { resources, problems } = parse(text);
    expect(resources).toEqual([]);
    expect(problems).toMatchObject([{ code: 'MW1003', ...(field === undefined ? {} : { field }) }]);
  });

  it('accepts generateName instead of a name', () => {
    const [item] = parse('apiVersion: v1\nkind: ConfigMap\nmetadata: {generateName: a-}\n').resources;
    expect(item?.resource.metadata).toEqual({ name: '', generateName: 'a-' });
  });

  it('cannot be led to change prototypes', () => {
    expect(data('data: {__proto__: {polluted: "yes"}}\n')).not.toHaveProperty('polluted');
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });

  it('strips nothing of Windows line ends and a byte order mark', () => {
    const { resources, problems } = parse(`\uFEFF${map('data: {a: b}\n').replaceAll('\n', '\r\n')}---\r\n${map('')}`);
    expect(problems).toEqual([]);
    expect(resources).toHaveLength(2);
  });
});

describe('Limits', () => {
  it('refuse exponential aliases quickly', () => {
    const levels = ['a: &l0 [x,x,x,x,x,x,x,x,x,x]'];
    for (let level = 1; level < 20; level++) {
      levels.push(
        `b${level}: &l${level} [${Array(10)
          .fill(`*l${level - 1}`)
          .join(',')}]`,
      );
    }
    expect(parse(levels.join('\n')).problems).toMatchObject([{ code: 'MW1002' }]);
  });

  it('refuse deep nesting in every style', () => {
    for (const text of ['['.repeat(100_000), '{"a":'.repeat(100_000), '- '.repeat(5000), 'a: {b: '.repeat(5000)]) {
      expect(parse(text).problems[0]?.code).toMatch(/MW100[12]/);
    }
    expect(parse('{"a":{"b":{}}}', { maxDepth: 2 }).problems).toMatchObject([{ code: 'MW1002', column: 11 }]);
    expect(parse('a:\n  b:\n    c: 1\n', { maxDepth: 2 }).problems).toMatchObject([{ code: 'MW1002' }]);
  });

  it('refuse too many bytes and too many documents', () => {
    expect(parse('äää', { maxBytes: 5 }).problems).toMatchObject([{ code: 'MW1002' }]);
    const { resources, problems } = parse(`${map('')}---\n`.repeat(4), { maxDocuments: 3 });
    expect(resources).toHaveLength(3);
    expect(problems).toMatchObject([{ code: 'MW1002', line: 16 }]);
  });
});
