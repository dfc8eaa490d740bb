import type { ProxyDescriptor } from '@meshwise/model';
import { describe, expect, it } from 'vitest';
import { TestMesh } from '../testing/mesh.ts';
import { peerAuthentication, service, sidecar, virtualService, workload } from '../testing/resources.ts';

const http = [{ name: 'http', port: 80 }];

describe('what the model remembers', () => {
  it('does not grow with services that come and go', () => {
    const mesh = new TestMesh(service('stays', http));
    for (let count = 0; count < 3000; count++) {
      const passing = service(`passing-${count}`, http, { spec: { clusterIP: '10.96.0.2' } });
      mesh.apply(passing).sidecar();
      mesh.delete(passing).sidecar();
    }
    // Each of them made more than ten nodes while it was there.
    expect(mesh.model.statistics().nodes).toBeLessThan(3000);
  });

  it('does not grow with proxies and scopes that come and go', () => {
    const mesh = new TestMesh(service('stays', http));
    for (let count = 0; count < 3000; count++) {
      const passing = sidecar(workload(`ns-${count}/passing`, { app: 'passing' }));
      mesh.model.setProxy(passing);
      mesh.model.outbound(mesh.model.scopeOf(passing.id));
      mesh.model.inbound(passing.id);
      mesh.model.removeProxy(passing.id);
    }
    expect(mesh.model.statistics().nodes).toBeLessThan(6000);
    expect(mesh.model.proxies()).toEqual([]);
  });

  it('keeps the plans of living proxies, and those asked for last, through all of that', () => {
    const mesh = new TestMesh(service('stays', http));
    const proxy = sidecar(workload('stays-1', { app: 'stays' }));
    mesh.model.setProxy(proxy);
    const scope = mesh.model.scopeOf(proxy.id);
    // Nobody has the second scope; it was asked for lately, which is enough.
    const ask = () => [mesh.model.outbound(scope), mesh.sidecar('nobody'), ...mesh.model.inbound(proxy.id)];
    const before = ask();
    for (let count = 0; count < 4000; count++) {
      const passing = peerAuthentication(`other/passing-${count}`, {});
      mesh.apply(passing).delete(passing);
    }
    const { computed } = mesh.model.statistics();
    const after = ask();
    expect(after.every((plan, index) => plan === before[index])).toBe(true);
    expect(mesh.model.statistics().computed).toBe(computed);
  });

  it('is never the caller’s object: that one stays free to change', () => {
    const mesh = new TestMesh();
    const labels: Record<string, string> = { app: 'a' };
    const proxy: ProxyDescriptor = sidecar(workload('a', labels));
    mesh.model.setProxy(proxy);
    labels['app'] = 'b';
    expect(mesh.model.proxies()[0]?.labels).toEqual({ app: 'a' });
    expect(Object.isFrozen(proxy)).toBe(false);
    const resource = virtualService('a', { hosts: ['a'], gateways: ['mesh'], exportTo: ['*'], http: [] });
    mesh.apply(resource).sidecar();
    expect(Object.values(resource.spec as object).some(Object.isFrozen)).toBe(false);
  });

  it('gives the same map of residues until one of them changes', () => {
    const lost = virtualService('lost', { hosts: ['lost'], http: [] });
    const mesh = new TestMesh(lost);
    const before = mesh.model.residues();
    expect(before.size).toBe(1);
    expect(mesh.apply(service('other', http)).model.residues()).toBe(before);
    expect(mesh.apply(service('lost', http)).model.residues().size).toBe(0);
  });

  it('refuses questions about proxies it does not know', () => {
    const mesh = new TestMesh();
    expect(() => mesh.model.scopeOf('nobody')).toThrow('No such proxy: nobody');
    expect(() => mesh.model.outbound('nowhere')).toThrow('Not a scope: nowhere');
  });
});
