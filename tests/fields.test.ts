import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { namedPaths } from '../docs/tools/fields/named-paths.ts';
import { type NamedTest, testOf } from '../docs/tools/fields/named-tests.ts';
import { schemaPath } from '../docs/tools/fields/schema-fields.ts';
import { testTitles } from '../docs/tools/fields/test-titles.ts';
import { fieldRows, fieldsPage, isEnforced } from '../docs/tools/fields-page.ts';
import { ROOT } from './support/source-files.ts';

const rows = fieldRows();
const said = (chosen: typeof rows) => chosen.map(({ kind, field }) => `${kind} ${field}`);

describe('every field of every kind', () => {
  test('is on docs/fields.md as it is; `npm run docs` writes it', () => {
    expect(readFileSync(join(ROOT, 'docs/fields.md'), 'utf8')).toBe(fieldsPage(rows));
  });

  test('is there once', () => {
    expect(rows.length).toBeGreaterThan(400);
    expect(new Set(said(rows)).size).toBe(rows.length);
  });

  test('has a test that is named for it when it is enforced', () => {
    expect(said(rows.filter((row) => isEnforced(row) && row.test === undefined))).toEqual([]);
  });

  test('is in a complete example, so that readers were asked what they make of it', () => {
    expect(said(rows.filter(({ example }) => example === undefined))).toEqual([]);
  });

  test('names tests in files that are there', () => {
    const files = new Set(rows.flatMap(({ test: named }) => named?.file ?? []));
    expect([...files].filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
    expect(files.size).toBeGreaterThan(20);
  });
});

describe('names of tests', () => {
  test.each([
    ['host is a short name', ['host']],
    ['a.b.c, d and e are read, and one is not', ['a.b.c', 'a.b.d', 'a.b.e']],
    ['match.cluster: name, portNumber', ['match.cluster', 'match.cluster.name', 'match.cluster.portNumber']],
    ['http.idleTimeout and tcp.maxConnections hold', ['http.idleTimeout', 'tcp.maxConnections']],
    ['subsets[].name and spec.hosts[0].port choose', ['subsets.name', 'hosts.port']],
  ])('`%s` are about their fields', (title, fields) => {
    expect(namedPaths(title)).toEqual(expect.arrayContaining(fields));
  });

  test('are no more about fields than they say', () => {
    expect(namedPaths('follows the host of a service, and its port')).not.toContain('host');
    expect(namedPaths('TCP goes on')).toEqual([]);
    expect(namedPaths('servers.hosts: servers are told apart')).not.toContain('servers');
    expect(namedPaths('route.headers belong to the destination')).not.toContain('route.destination');
  });

  test('come from groups and from the rows of tables', () => {
    const text = `
      const ROWS = [['tls.mode', 1], ['tls.sni', 2]] as const;
      describe('Kind', () => {
        it.skipIf(no)('host is one', () => {});
        it.each(ROWS)('policy.%s is %d', () => {});
        test.each(made())('%s unknown', () => {});
      });`;
    expect(testTitles('a.test.ts', text)).toMatchObject([
      { groups: ['Kind'], title: 'host is one' },
      { title: 'policy.tls.mode is 1', source: expect.stringContaining("['tls.mode', 1]") },
      { title: 'policy.tls.sni is 2', source: expect.not.stringContaining('tls.mode') },
      { title: '%s unknown' },
    ]);
  });
});

describe('the test of a field', () => {
  const named = (fields: readonly string[], source = '', file = 'packages/meshes/src/a.test.ts'): NamedTest => ({
    ...{ kind: 'Kind', name: fields.join(), file },
    ...{ fields, source },
  });

  test('names it, or what it is in and then writes it', () => {
    expect(testOf('tls.mode', [named(['tls.sni'])])).toBeUndefined();
    expect(testOf('tls.mode', [named(['tls'], '{ sni: 1 }')])).toBeUndefined();
    expect(testOf('tls.mode', [named(['tls'], '{ mode: 1 }')])).toBeDefined();
    expect(testOf('match.uri', [named(['match.uri.exact'])])).toBeDefined();
  });

  test('is the nearest to a real proxy, then the one that is named for it alone', () => {
    const onEnvoy = named(['tls'], 'mode', 'packages/xds/src/control-plane/a.test.ts');
    const read = named(['tls.mode']);
    expect(testOf('tls.mode', [read, onEnvoy])).toBe(onEnvoy);
    expect(testOf('tls.mode', [named(['tls'], 'mode'), read])).toBe(read);
  });
});

test('a path of a resource is in a field, whatever the keys of maps are called', () => {
  const fields = new Set(['tags.literal.value', 'labels', 'http.uri']);
  expect(schemaPath('spec.tags.mine.literal.value', fields)).toBe('tags.literal.value');
  expect(schemaPath('spec.labels.app', fields)).toBe('labels');
  expect(schemaPath('spec.http[3].uri.exact', fields)).toBe('http.uri');
  expect(schemaPath('spec.other', fields)).toBeUndefined();
});
