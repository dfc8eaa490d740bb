import { expect, it } from 'vitest';
import { TestMesh } from '../testing/mesh.ts';
import { gatewayProxy, meshConfig, sidecar, workload } from '../testing/resources.ts';

const reviews = sidecar(workload('reviews-v1', { app: 'reviews' }, [{ port: 9080, protocol: 'TCP' }]));
const gateway = gatewayProxy('istio-system', { istio: 'ingressgateway' });

function plansOf(mesh: TestMesh) {
  for (const proxy of [reviews, gateway]) mesh.model.setProxy(proxy);
  const outbound = mesh.model.outbound(mesh.model.scopeOf(reviews.id));
  const plans = [outbound, ...mesh.model.inbound(reviews.id), mesh.model.gateway(gateway.id)];
  return plans.map(({ pathNormalization }) => pathNormalization);
}

it('MeshConfig pathNormalization.normalization holds for every proxy, whichever way a request goes (001-7)', () => {
  const mesh = new TestMesh();
  expect(plansOf(mesh)).toEqual([undefined, undefined, undefined]);
  mesh.apply(meshConfig({ pathNormalization: { normalization: 'MERGE_SLASHES' } }));
  expect(plansOf(mesh)).toEqual(['merge-slashes', 'merge-slashes', 'merge-slashes']);
  mesh.delete(meshConfig({}));
  expect(plansOf(mesh)).toEqual([undefined, undefined, undefined]);
});
