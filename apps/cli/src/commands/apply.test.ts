import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApplyResponse } from '@meshwise/api';
import { describe, expect, test } from 'vitest';
import { bench } from '../testing/run-cli.ts';

const object = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' };
const problem = {
  code: 'MW1004',
  severity: 'error' as const,
  message: 'expected a number (found "80")',
  file: 'web.yaml',
  line: 7,
  column: 13,
  field: 'spec.replicas',
};

function answers(change: Partial<ApplyResponse>) {
  return () => ({
    body: { dryRun: false, outcomes: [], problems: [], verdicts: [], ...change } satisfies ApplyResponse,
  });
}

describe('meshwise apply', () => {
  test('sends files as they are, and says what became of each object', async () => {
    const outcomes = [
      { object, outcome: 'created' as const },
      { object: { ...object, apiVersion: 'v1', kind: 'Service' }, outcome: 'unchanged' as const },
    ];
    const { meshwise, home, server } = await bench({ handlers: { apply: answers({ outcomes }) } });
    const file = join(home, 'web.yaml');
    await writeFile(file, 'kind: Deployment # as it is\n');
    expect(await meshwise(`apply -f ${file} -n shop --field-manager ci --force-conflicts`)).toEqual({
      code: 0,
      stdout: 'deployment.apps/web created\nservice/web unchanged\n',
      stderr: '',
    });
    expect(server?.calls[0]?.input).toEqual({
      files: [{ name: file, text: 'kind: Deployment # as it is\n' }],
      namespace: 'shop',
      fieldManager: 'ci',
      force: true,
    });
  });

  test('reads directories in order, standard input, and -f several times', async () => {
    const { meshwise, home, server } = await bench({ handlers: { apply: answers({}) }, stdin: 'from stdin' });
    await mkdir(join(home, 'all', 'deep'), { recursive: true });
    for (const name of ['b.yml', 'a.yaml', 'deep/c.json', 'note.txt']) await writeFile(join(home, 'all', name), name);
    await meshwise(`apply -f ${join(home, 'all')} -f -`);
    const files = server?.calls[0]?.input['files'] as { text: string }[];
    expect(files.map(({ text }) => text)).toEqual(['a.yaml', 'b.yml', 'deep/c.json', 'from stdin']);
  });

  test('prints problems as file:line:column, where editors find them, and ends with 2 when nothing was done', async () => {
    const { meshwise, home } = await bench({ handlers: { apply: answers({ problems: [problem] }) } });
    await writeFile(join(home, 'web.yaml'), 'x');
    expect(await meshwise(`apply -f ${join(home, 'web.yaml')}`)).toEqual({
      code: 2,
      stdout: '',
      stderr: 'web.yaml:7:13: error MW1004: spec.replicas: expected a number (found "80")\nNothing was changed.\n',
    });
  });

  test('a warning does not fail what was done', async () => {
    const warning = { ...problem, code: 'MW1007', severity: 'warning' as const, line: null, column: null, field: null };
    const outcomes = [{ object, outcome: 'configured' as const }];
    const { meshwise } = await bench({ handlers: { apply: answers({ outcomes, problems: [warning] }) }, stdin: 'x' });
    const { code, stderr } = await meshwise('apply -f -');
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'web.yaml: warning MW1007: expected a number (found "80")\n' });
  });

  test('a conflict of field managers is "could not"', async () => {
    const problems = [{ ...problem, code: 'MW2004' }];
    const { meshwise } = await bench({ handlers: { apply: answers({ problems }) }, stdin: 'x' });
    expect((await meshwise('apply -f -')).code).toBe(3);
  });

  test('--dry-run is said on each line', async () => {
    const outcomes = [{ object, outcome: 'configured' as const }];
    const { meshwise, server } = await bench({ handlers: { apply: answers({ dryRun: true, outcomes }) }, stdin: 'x' });
    expect((await meshwise('apply -f - --dry-run')).stdout).toBe('deployment.apps/web configured (dry run)\n');
    expect(server?.calls[0]?.input).toMatchObject({ dryRun: true });
  });

  test.each([
    [
      'a path that is not there',
      'apply -f /nowhere/at/all.yaml',
      'error MW1005: /nowhere/at/all.yaml: there is no such file',
    ],
    ['no -f at all', 'apply', 'error MW1005: '],
  ])('%s ends with 2 and sends nothing', async (_, line, message) => {
    const { meshwise, server } = await bench({ handlers: { apply: answers({}) } });
    const { code, stderr } = await meshwise(line);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(server?.calls).toEqual([]);
  });
});

describe('meshwise diff', () => {
  const changes = [
    { path: 'spec.replicas', before: 1, after: 2 },
    { path: 'metadata.labels.tier', before: null, after: 'web' },
  ];

  test('shows each field and ends with 1 when something differs', async () => {
    const outcomes = [{ object, outcome: 'configured' as const, changes }];
    const { meshwise } = await bench({ handlers: { diff: answers({ dryRun: true, outcomes }) }, stdin: 'x' });
    expect(await meshwise('diff -f -')).toEqual({
      code: 1,
      stdout:
        'deployment.apps/web in default would be configured\n  spec.replicas: - 1 + 2\n  metadata.labels.tier: + "web"\n',
      stderr: '',
    });
  });

  test('ends with 0 when nothing differs, with 2 for bad input', async () => {
    const same = await bench({
      handlers: { diff: answers({ outcomes: [{ object, outcome: 'unchanged' }] }) },
      stdin: 'x',
    });
    expect(await same.meshwise('diff -f -')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'No difference in 1 resources.\n',
    });
    const bad = await bench({ handlers: { diff: answers({ problems: [problem] }) }, stdin: 'x' });
    expect((await bad.meshwise('diff -f -')).code).toBe(2);
  });
});

describe('meshwise delete', () => {
  const outcomes = [
    { object, outcome: 'deleted' as const },
    { object: { ...object, name: 'other' }, outcome: 'absent' as const },
  ];

  test('by kind and names; what is not there is said and ends with 1', async () => {
    const { meshwise, server } = await bench({ handlers: { delete: answers({ outcomes }) } });
    const { code, stdout, stderr } = await meshwise('delete deploy web other');
    expect({ code, stdout }).toEqual({
      code: 1,
      stdout: 'deployment.apps/web deleted\ndeployment.apps/other absent\n',
    });
    expect(stderr).toContain('Not found: deployment.apps/other in default.');
    expect(server?.calls[0]?.input).toEqual({ kind: 'deploy', names: ['web', 'other'], namespace: 'default' });
  });

  test('--ignore-not-found ends with 0; KIND/NAME and -f work as well', async () => {
    const { meshwise, server } = await bench({ handlers: { delete: answers({ outcomes }) }, stdin: 'x' });
    expect((await meshwise('delete deploy/web --ignore-not-found')).code).toBe(0);
    expect((await meshwise('delete -f - --ignore-not-found -n shop')).code).toBe(0);
    expect(server?.calls.map(({ input }) => input)).toEqual([
      { kind: 'deploy', names: ['web'], namespace: 'default' },
      { files: [{ name: '-', text: 'x' }], namespace: 'shop' },
    ]);
  });

  test.each(['delete', 'delete pods', 'delete pods/', 'delete pods,services a', 'delete pods a -f -', 'delete all x'])(
    '%s is refused: a slip must not empty a namespace',
    async (line) => {
      const { meshwise, server } = await bench({ handlers: { delete: answers({}) }, stdin: 'x' });
      expect((await meshwise(line)).code).toBe(2);
      expect(server?.calls).toEqual([]);
    },
  );
});

describe('what does not hold of an accepted resource', () => {
  const route = { kind: 'VirtualService', namespace: 'default', name: 'reviews' };
  const condition = {
    code: 'MW1008',
    severity: 'warning' as const,
    message: 'no DestinationRule gives it a subset v9',
    file: 'r.yaml',
    line: 9,
    column: 7,
    field: 'spec.http[0].route[0].destination',
  };

  test('is printed with file, line and field, and is no failure', async () => {
    const outcomes = [{ object: { ...route, apiVersion: 'networking.istio.io/v1' }, outcome: 'created' as const }];
    const verdicts = [{ object: route, verdict: 'conditions' as const, conditions: [condition] }];
    const { meshwise } = await bench({ handlers: { apply: answers({ outcomes, verdicts }) }, stdin: 'x' });
    expect(await meshwise('apply -f -')).toEqual({
      code: 0,
      stdout: 'virtualservice.networking.istio.io/reviews created\n',
      stderr: [
        'virtualservice/reviews: accepted with conditions:',
        '  r.yaml:9:7: warning MW1008: spec.http[0].route[0].destination: no DestinationRule gives it a subset v9',
        '',
      ].join('\n'),
    });
  });

  test('that locks somebody out is announced before anything else, and once', async () => {
    const deny = { kind: 'AuthorizationPolicy', namespace: 'default', name: 'deny-all' };
    const locked = { ...condition, code: 'MW1010', message: 'after this nobody may call reviews-v1.default:9080' };
    const outcomes = [{ object: { ...deny, apiVersion: 'security.istio.io/v1' }, outcome: 'created' as const }];
    const verdicts = [{ object: deny, verdict: 'conditions' as const, conditions: [locked] }];
    const { meshwise } = await bench({ handlers: { apply: answers({ outcomes, verdicts }) }, stdin: 'x' });
    expect(await meshwise('apply -f -')).toEqual({
      code: 0,
      stdout: 'authorizationpolicy.security.istio.io/deny-all created\n',
      stderr: [
        'THIS LOCKS OUT:',
        '  authorizationpolicy/deny-all: after this nobody may call reviews-v1.default:9080',
        '  Take it back with `meshwise rollback`; see who may come with `meshwise get access`.',
        '',
      ].join('\n'),
    });
  });
});
