import { ManualClock, MeshwiseError, silentLogger } from '@meshwise/core';
import { keyOf, keyText, type Resource } from '@meshwise/resources';
import { SqliteResourceStore } from '@meshwise/resources/node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GatewayStatus } from './gateway-status.ts';

const GROUP = 'gateway.networking.k8s.io';
const gateway = (listeners: number): Resource =>
  ({
    apiVersion: `${GROUP}/v1`,
    kind: 'Gateway',
    metadata: { name: 'gw', namespace: 'default' },
    spec: {
      gatewayClassName: 'meshwise',
      listeners: Array.from({ length: listeners }, (_, port) => ({
        name: `l${port}`,
        port: port + 80,
        protocol: 'HTTP',
      })),
    },
  }) as Resource;
const id = keyText(keyOf(gateway(1)));
const accepted = (status: string) => ({
  addresses: [{ type: 'IPAddress', value: '10.96.0.9' }],
  conditions: [{ type: 'Accepted', status, reason: 'Accepted', message: '' }],
});

let store: SqliteResourceStore;
let clock: ManualClock;
let wanted: Map<string, Readonly<Record<string, unknown>>>;
let status: GatewayStatus;
let stop: AbortController;
let running: Promise<void>;

beforeEach(() => {
  clock = new ManualClock(Date.UTC(2026, 0, 1));
  store = new SqliteResourceStore({ path: ':memory:', clock });
  wanted = new Map();
  status = new GatewayStatus({
    store,
    model: { statuses: () => wanted },
    machinePorts: () => ({ 80: 18_080 }),
    clock,
    logger: silentLogger,
  });
  stop = new AbortController();
  running = status.run(stop.signal);
});
afterEach(async () => {
  stop.abort(new Error('test is over'));
  await running;
  store.close();
});

const settle = async () => {
  for (let round = 0; round < 20; round += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(5);
  }
};
const say = async (next: typeof wanted) => {
  wanted = next;
  status.changed();
  await settle();
};
const stored = async () => (await store.get(keyOf(gateway(1)))) as Resource;
const apply = async (resource: Resource) => store.apply(resource, { fieldManager: 'user', force: true });

describe('001-77 statuses of the Gateway API in the store', () => {
  it('are what the model says, with the ports of this machine, and no other change of the resource', async () => {
    await apply(gateway(1));
    await say(new Map([[id, accepted('True')]]));
    const { status: written, metadata } = await stored();
    expect(written).toMatchObject({
      addresses: [
        { type: 'IPAddress', value: '10.96.0.9' },
        { type: 'meshwise.dev/port-80', value: '127.0.0.1:18080' },
      ],
      conditions: [{ type: 'Accepted', status: 'True', observedGeneration: 1 }],
    });
    expect(metadata.generation).toBe(1);
    expect(metadata.managedFields?.map(({ manager, subresource }) => [manager, subresource])).toContainEqual([
      'meshwise-gateway',
      'status',
    ]);
  });

  it('are written once, however often the model is asked and the same is applied', async () => {
    await apply(gateway(1));
    await say(new Map([[id, accepted('True')]]));
    const { resourceVersion } = (await stored()).metadata;
    await say(new Map([[id, accepted('True')]]));
    status.refresh();
    await settle();
    expect((await apply(gateway(1))).outcome).toBe('unchanged');
    await settle();
    expect((await stored()).metadata.resourceVersion).toBe(resourceVersion);
  });

  it('follow what somebody changes: of the resource, and of the status itself', async () => {
    await apply(gateway(1));
    await say(new Map([[id, accepted('True')]]));
    await apply(gateway(2));
    await settle();
    expect((await stored()).status).toMatchObject({ conditions: [{ observedGeneration: 2 }] });
    await store.updateStatus({ ...(await stored()), status: {} });
    await settle();
    expect((await stored()).status).toMatchObject({ conditions: [{ status: 'True' }] });
  });

  it('are written for all others where one cannot be, and for that one when it can', async () => {
    const updateStatus = store.updateStatus.bind(store);
    let isBroken = true;
    store.updateStatus = async (resource, options) => {
      if (isBroken && resource.metadata.name === 'gw') throw new MeshwiseError('MW1001', 'it is too large');
      return updateStatus(resource, options);
    };
    const other: Resource = { ...gateway(1), metadata: { ...gateway(1).metadata, name: 'z-other' } };
    await apply(gateway(1));
    await apply(other);
    await say(new Map([id, keyText(keyOf(other))].map((key) => [key, accepted('True')])));
    expect((await store.get(keyOf(other)))?.status).toMatchObject({ conditions: [{ status: 'True' }] });
    expect((await stored()).status).toBeUndefined();
    isBroken = false;
    await clock.advance(1_000);
    await settle();
    expect((await stored()).status).toMatchObject({ conditions: [{ status: 'True' }] });
  });
});
