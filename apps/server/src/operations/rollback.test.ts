import { istioMesh, kubernetesMesh } from '@meshwise/meshes';
import { createMeshModel } from '@meshwise/model';
import { keyOf, type Resource } from '@meshwise/resources';
import { SqliteResourceStore } from '@meshwise/resources/node';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apply, type Configuration, remove } from './apply.ts';
import { Judge } from './judge.ts';
import { listRevisions, rollback } from './rollback.ts';

let store: SqliteResourceStore;
let configuration: Configuration;
beforeEach(() => {
  store = new SqliteResourceStore({ path: ':memory:' });
  configuration = { store, judge: new Judge(createMeshModel({ readers: [kubernetesMesh, istioMesh] })) };
});
afterEach(() => store.close());

function route(name: string, subset: string) {
  const text = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}}
spec: {hosts: [${name}], http: [{route: [{destination: {host: ${name}, subset: ${subset}}}]}]}
`;
  return { files: [{ name: 'a.yaml', text }] };
}

/** What people wrote, by name. */
async function state(): Promise<Readonly<Record<string, unknown>>> {
  const { items } = await store.list({ group: 'networking.istio.io', kind: 'VirtualService' });
  return Object.fromEntries(items.map(({ metadata, spec }) => [metadata.name, spec]));
}

describe('rollback', () => {
  it('undoes the last change, and the undoing', async () => {
    await apply(configuration, route('a', 'v1'));
    const before = await state();
    await apply(configuration, route('a', 'v2'));
    const after = await state();
    expect((await rollback(store, {})).outcomes).toMatchObject([{ object: { name: 'a' }, outcome: 'configured' }]);
    expect(await state()).toEqual(before);
    await rollback(store, {});
    expect(await state()).toEqual(after);
  });

  it('brings back what was deleted and removes what was created since', async () => {
    await apply(configuration, route('a', 'v1'));
    const before = await state();
    await remove(configuration, { kind: 'virtualservices', names: ['a'] });
    await apply(configuration, route('b', 'v1'));
    const { outcomes } = await rollback(store, { to: 1 });
    expect(outcomes.map(({ object, outcome }) => `${object.name} ${outcome}`).sort()).toEqual([
      'a created',
      'b deleted',
    ]);
    expect(await state()).toEqual(before);
  });

  it('says beforehand what it would do, and does nothing', async () => {
    await apply(configuration, route('a', 'v1'));
    const before = await state();
    const { outcomes } = await rollback(store, { to: 0, dryRun: true });
    expect(outcomes).toMatchObject([{ object: { name: 'a' }, outcome: 'deleted' }]);
    expect(await state()).toEqual(before);
    expect(await listRevisions(store, 10)).toHaveLength(1);
  });

  it('makes no revision of what changed nothing, of dry runs and of what was refused', async () => {
    await apply(configuration, route('a', 'v1'));
    await apply(configuration, route('a', 'v1'));
    await apply(configuration, { ...route('a', 'v2'), dryRun: true });
    await apply(configuration, { files: [{ name: 'bad.yaml', text: 'kind: [' }] });
    await remove(configuration, { kind: 'virtualservices', names: ['nope'] });
    expect(await listRevisions(store, 10)).toMatchObject([{ number: 1, reason: 'apply VirtualService default/a' }]);
  });

  it('gives fields back to those who owned them, so that a later apply takes away what is not in it', async () => {
    const spec = (ports: string) => `apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [${ports}]}
`;
    const file = (ports: string) => ({ files: [{ name: 'a.yaml', text: spec(ports) }], fieldManager: 'sample' });
    await apply(configuration, file('{name: http, port: 80}'));
    await apply(configuration, file('{name: http, port: 81}'));
    await rollback(store, {});
    await apply(configuration, file('{port: 80}'));
    const service = await store.get({ group: '', kind: 'Service', namespace: 'default', name: 'web' });
    expect(service?.spec).toMatchObject({ ports: [{ port: 80 }] });
    expect(JSON.stringify(service?.spec)).not.toContain('"name"');
  });

  it('brings a shift back as one that has ended, and not to begin again', async () => {
    const shift: Resource = {
      apiVersion: 'meshwise.dev/v1alpha1',
      kind: 'TrafficShift',
      metadata: { name: 's', namespace: 'default' },
      spec: { targetRef: { kind: 'VirtualService', name: 'a' }, versions: [], steps: [] },
    };
    const key = keyOf(shift);
    await store.create(shift);
    await store.updateStatus({ ...shift, status: { phase: 'Promoted' } });
    await remove(configuration, { kind: 'trafficshifts', names: ['s'] });
    await rollback(store, {});
    expect((await store.get(key))?.status).toEqual({ phase: 'Promoted' });
  });

  it('leaves the changes of others alone', async () => {
    await apply(configuration, route('a', 'v1'));
    const other: Resource = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace: 'default' } };
    await store.create(other);
    await rollback(store, { to: 0 });
    expect(await store.get(keyOf(other))).toBeDefined();
  });

  it('refuses a revision that is not there', async () => {
    await expect(rollback(store, {})).rejects.toMatchObject({ code: 'MW2007' });
    await apply(configuration, route('a', 'v1'));
    await expect(rollback(store, { to: 7 })).rejects.toMatchObject({ code: 'MW2007' });
  });

  it('reaches every earlier state, whatever was done', async () => {
    const step = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('v1', 'v2', 'gone'));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), fc.nat(8), async (steps, wanted) => {
        store.close();
        store = new SqliteResourceStore({ path: ':memory:' });
        configuration = { ...configuration, store };
        const states = [await state()];
        for (const [name, subset] of steps) {
          if (subset === 'gone') await remove(configuration, { kind: 'virtualservices', names: [name] });
          else await apply(configuration, route(name, subset));
          const revisions = (await listRevisions(store, 100)).length;
          states[revisions] = await state();
        }
        if (states.length === 1) return;
        const to = wanted % states.length;
        await rollback(store, { to });
        expect(await state()).toEqual(states[to]);
      }),
      { numRuns: 40 },
    );
  });
});
