import type { Resource } from '@meshwise/resources';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { podAdmitter } from '../../injection/index.ts';
import { roleOf } from '../../proxies/proxy-identity.ts';
import { namespaceNamed, serviceNamed, TestPlatform } from '../testing.ts';

const GROUP = 'gateway.networking.k8s.io';
let platform: TestPlatform;
beforeEach(async () => {
  platform = new TestPlatform();
  await platform.apply(
    namespaceNamed('default', { 'istio-injection': 'enabled' }),
    gatewayClass('meshwise', 'meshwise.dev/gateway-controller'),
    gatewayClass('foreign', 'example.com/controller'),
  );
});
afterEach(() => platform.stop());

function gatewayClass(name: string, controllerName: string): Resource {
  return { apiVersion: `${GROUP}/v1`, kind: 'GatewayClass', metadata: { name }, spec: { controllerName } };
}
function gateway(spec: object = {}): Resource {
  return {
    apiVersion: `${GROUP}/v1`,
    kind: 'Gateway',
    metadata: { name: 'gw', namespace: 'default' },
    spec: {
      gatewayClassName: 'meshwise',
      listeners: [
        { name: 'http', port: 80, protocol: 'HTTP' },
        { name: 'also', port: 80, protocol: 'HTTP', hostname: 'a.b' },
        { name: 'https', port: 8443, protocol: 'HTTPS' },
        { name: 'dns', port: 53, protocol: 'UDP' },
      ],
      ...spec,
    },
  };
}
const run = async (name = 'gw-meshwise') => ({
  account: await platform.get('ServiceAccount', name),
  service: await platform.get('Service', name),
  deployment: await platform.get('Deployment', name),
});
const nothing = { account: undefined, service: undefined, deployment: undefined };

describe('001-77 what is run for a Gateway', () => {
  it('is a gateway with an account and a Service, called and labelled after it', async () => {
    await platform.apply(gateway({ infrastructure: { labels: { team: 'edge' }, annotations: { note: 'x' } } }));
    const { account, service, deployment } = await run();
    const labels = { [`${GROUP}/gateway-name`]: 'gw', [`${GROUP}/gateway-class-name`]: 'meshwise', team: 'edge' };
    for (const made of [account, service, deployment]) {
      expect(made?.metadata).toMatchObject({
        labels,
        annotations: { note: 'x' },
        ownerReferences: [{ kind: 'Gateway', name: 'gw', controller: true }],
      });
    }
    expect(service?.spec).toMatchObject({
      ports: [
        { name: 'http', port: 80, targetPort: 30_080, appProtocol: 'http' },
        { name: 'https', port: 8443, targetPort: 8443, appProtocol: 'https' },
      ],
    });
    const [pod] = await platform.pods();
    expect(pod?.metadata).toMatchObject({ labels, annotations: { note: 'x' } });
    expect(pod?.spec?.serviceAccountName).toBe('gw-meshwise');
    // In a namespace with injection too it is a gateway, and not a program with a sidecar.
    expect(pod === undefined ? undefined : roleOf(await podAdmitter(platform.store)(pod))).toBe('gateway');
  });

  it('follows its listeners, comes back when somebody deletes it, and is written to no more than that', async () => {
    await platform.apply(gateway());
    const before = await run();
    await platform.apply(gateway());
    expect(await run()).toEqual(before);
    await platform.apply(gateway({ listeners: [{ name: 'tcp', port: 9000, protocol: 'TCP' }] }));
    expect((await run()).service?.spec).toMatchObject({ ports: [{ name: 'tcp', port: 9000, targetPort: 9000 }] });
    await platform.store.delete({ group: '', kind: 'Service', namespace: 'default', name: 'gw-meshwise' });
    await platform.settle();
    expect((await run()).service).toBeDefined();
  });

  it('is nothing for classes of others and for Gateways that name a Service, and goes when they become so', async () => {
    await platform.apply(gateway({ gatewayClassName: 'foreign' }));
    expect(await run('gw-foreign')).toEqual(nothing);
    await platform.apply(gateway());
    expect((await run()).deployment).toBeDefined();
    await platform.apply(gateway({ addresses: [{ type: 'Hostname', value: 'ingress' }] }));
    await platform.runKubelet();
    expect(await run()).toEqual(nothing);
    await platform.apply(gateway());
    expect((await run()).deployment).toBeDefined();
  });

  it('begins when its class does, and ends with the Gateway', async () => {
    await platform.apply(gateway({ gatewayClassName: 'late' }));
    expect(await run('gw-late')).toEqual(nothing);
    await platform.apply(gatewayClass('late', 'istio.io/gateway-controller'));
    expect((await run('gw-late')).deployment).toBeDefined();
    await platform.store.delete({ group: GROUP, kind: 'Gateway', namespace: 'default', name: 'gw' });
    await platform.runKubelet();
    expect(await run('gw-late')).toEqual(nothing);
    expect(await platform.pods()).toEqual([]);
  });

  it('leaves alone what somebody else has under its name', async () => {
    const mine = serviceNamed('gw-meshwise', { ports: [{ port: 1 }], selector: { app: 'mine' } });
    await platform.apply(mine);
    await platform.apply(gateway());
    const { service, deployment } = await run();
    expect(service?.spec).toMatchObject({ selector: { app: 'mine' } });
    expect(deployment).toBeUndefined();
    const health = platform.group.health().find(({ name }) => name === 'gateway');
    expect(health?.failing[0]?.message).toContain('already');
  });
});
