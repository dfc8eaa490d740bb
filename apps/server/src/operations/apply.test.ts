import { istioMesh, kubernetesMesh } from '@meshwise/meshes';
import { createMeshModel } from '@meshwise/model';
import { SqliteResourceStore } from '@meshwise/resources/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apply, type Configuration, diff, remove } from './apply.ts';
import { resolveKind } from './find-kind.ts';
import { Judge } from './judge.ts';

let store: SqliteResourceStore;
let configuration: Configuration;
beforeEach(() => {
  store = new SqliteResourceStore({ path: ':memory:' });
  configuration = { store, judge: new Judge(createMeshModel({ readers: [kubernetesMesh, istioMesh] })) };
});
afterEach(() => store.close());

const SERVICE = `apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80}]
`;
const WIDGET = 'apiVersion: shop.example/v1\nkind: Widget\nmetadata: {name: w, namespace: default}\nspec: {size: 3}\n';
const file = (text: string, name = 'a.yaml') => ({ files: [{ name, text }] });
const outcomes = (response: Awaited<ReturnType<typeof apply>>) =>
  response.outcomes.map(({ object, outcome }) => `${object.kind}/${object.namespace}/${object.name} ${outcome}`);

describe('apply', () => {
  it('creates, says unchanged the second time, and configures what was changed', async () => {
    expect(outcomes(await apply(configuration, file(SERVICE)))).toEqual(['Service/default/web created']);
    const before = (await store.list({ group: '', kind: 'Service' })).resourceVersion;
    expect(outcomes(await apply(configuration, file(SERVICE)))).toEqual(['Service/default/web unchanged']);
    expect((await store.list({ group: '', kind: 'Service' })).resourceVersion).toBe(before);
    expect(outcomes(await apply(configuration, file(SERVICE.replace('80', '81'))))).toEqual([
      'Service/default/web configured',
    ]);
  });

  it('does nothing at all when one document is wrong, and names its file, line and field', async () => {
    const wrong = `${SERVICE}---\n${SERVICE.replace('name: web', 'name: two').replace('port: 80', 'port: eighty')}`;
    const response = await apply(configuration, file(wrong, 'shop.yaml'));
    expect(response.outcomes).toEqual([]);
    expect(response.problems).toContainEqual(
      expect.objectContaining({
        severity: 'error',
        code: 'MW1004',
        file: 'shop.yaml',
        line: 13,
        field: 'spec.ports[0].port',
      }),
    );
    expect((await store.list({ group: '', kind: 'Service' })).items).toEqual([]);
  });

  it('names the place of malformed YAML', async () => {
    const { problems } = await apply(configuration, file('kind: [Service\n', 'bad.yaml'));
    expect(problems[0]).toMatchObject({ code: 'MW1001', severity: 'error', file: 'bad.yaml', line: 1 });
  });

  it('keeps a kind that it does not know, and says so', async () => {
    const response = await apply(configuration, file(WIDGET));
    expect(outcomes(response)).toEqual(['Widget/default/w created']);
    expect(response.problems).toMatchObject([{ code: 'MW1007', severity: 'info' }]);
    expect((await resolveKind(store, 'widgets')).apiVersion).toBe('shop.example/v1');
  });

  it('puts resources into the namespace asked for, unless they name one', async () => {
    const named = SERVICE.replace('{name: web}', '{name: own, namespace: other}');
    const request = { ...file(`${SERVICE}---\n${named}`), namespace: 'shop' };
    expect(outcomes(await apply(configuration, request))).toEqual([
      'Service/shop/web created',
      'Service/other/own created',
    ]);
  });

  it('changes nothing in a dry run, and says what it would do', async () => {
    expect(outcomes(await apply(configuration, { ...file(SERVICE), dryRun: true }))).toEqual([
      'Service/default/web created',
    ]);
    expect((await store.list({ group: '', kind: 'Service' })).items).toEqual([]);
  });
});

describe('diff', () => {
  it('names each field with what it is and what it would be', async () => {
    await apply(configuration, file(SERVICE));
    const response = await diff(configuration, file(SERVICE.replace('port: 80', 'port: 81')));
    const changes = response.outcomes[0]?.changes ?? [];
    expect(changes.length).toBeGreaterThan(0);
    expect(JSON.stringify(changes)).toContain('81');
    expect((await diff(configuration, file(SERVICE))).outcomes[0]).toMatchObject({ outcome: 'unchanged', changes: [] });
  });
});

describe('delete', () => {
  it('removes what files name, and says what was not there', async () => {
    await apply(configuration, file(SERVICE));
    expect(outcomes(await remove(configuration, file(SERVICE)))).toEqual(['Service/default/web deleted']);
    expect(outcomes(await remove(configuration, file(SERVICE)))).toEqual(['Service/default/web absent']);
  });

  it('removes by kind and name, by any name of the kind', async () => {
    await apply(configuration, file(SERVICE));
    expect(outcomes(await remove(configuration, { kind: 'svc', names: ['web', 'nope'] }))).toEqual([
      'Service/default/web deleted',
      'Service/default/nope absent',
    ]);
    await expect(remove(configuration, { kind: 'nonsense', names: ['x'] })).rejects.toMatchObject({ code: 'MW2001' });
  });

  it('does nothing with a file that cannot be read whole', async () => {
    await apply(configuration, file(SERVICE));
    const response = await remove(configuration, file(`${SERVICE}---\nkind: [\n`));
    expect([response.outcomes, response.problems[0]?.code]).toEqual([[], 'MW1001']);
    expect((await store.list({ group: '', kind: 'Service' })).items).toHaveLength(1);
  });
});
