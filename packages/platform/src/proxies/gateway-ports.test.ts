import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GatewayPorts, isPortFree } from './gateway-ports.ts';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ports-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

describe("the gateway's ports", () => {
  it('give the announced port to the first that is asked for, whatever its number, and others to the rest', async () => {
    const ports = new GatewayPorts(join(root, 'ports.json'), 20_080);
    expect(await ports.ensure([80, 8080])).toBe(true);
    expect(ports.all[80]).toBe(20_080);
    expect(ports.all[8080]).toBeGreaterThan(20_080);
    expect(await ports.ensure([8080])).toBe(false);
  });

  it('stay the same from start to start, unless another address is announced', async () => {
    const path = join(root, 'ports.json');
    const first = new GatewayPorts(path, 20_180);
    await first.ensure([8080, 9090]);
    const second = new GatewayPorts(path, 20_180);
    await second.load();
    expect(second.all).toEqual(first.all);
    const moved = new GatewayPorts(path, 20_280);
    await moved.load();
    await moved.ensure([9090]);
    expect(moved.all).toEqual({ 9090: 20_280 });
  });

  it('pass over a port that another program holds', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    expect(await isPortFree(port)).toBe(false);
    const ports = new GatewayPorts(join(root, 'ports.json'), port - 1);
    await ports.ensure([1, 2]);
    expect(ports.all[2]).not.toBe(port);
    await new Promise((resolve) => other.close(resolve));
    expect(await isPortFree(port)).toBe(true);
  });

  it('are each Gateway’s own for those of the Gateway API, beside the announced one, until it goes', async () => {
    const path = join(root, 'ports.json');
    const ports = new GatewayPorts(path, 20_380);
    const both = new Map([
      ['default/a', [80, 443]],
      ['default/b', [80]],
    ]);
    expect(await ports.ensureOwn(both)).toBe(true);
    expect(await ports.ensureOwn(both)).toBe(false);
    const { 'default/a': a, 'default/b': b } = ports.own;
    expect(new Set([a?.[80], a?.[443], b?.[80]]).size).toBe(3);
    expect(await ports.ensure([80])).toBe(true);
    expect(ports.all[80]).toBe(20_380);
    const later = new GatewayPorts(path, 20_380);
    await later.load();
    expect([later.own, later.all]).toEqual([ports.own, ports.all]);
    expect(await later.ensureOwn(new Map([['default/b', [80]]]))).toBe(true);
    expect(later.own).toEqual({ 'default/b': b });
  });
});
