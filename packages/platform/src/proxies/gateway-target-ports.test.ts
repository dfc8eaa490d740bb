import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gatewayTargetPorts } from './gateway-target-ports.ts';

describe('the ports of a gateway inside the mesh', () => {
  it('are those of its listeners, but for the ones that need rights', () => {
    expect(gatewayTargetPorts([80, 443, 8080])).toEqual({ 80: 30_080, 443: 30_443, 8080: 8080 });
  });

  it('are each its own and free for everybody, whatever the listeners name', () => {
    const ports = fc.array(fc.integer({ min: 1, max: 40_000 }), { maxLength: 30 });
    fc.assert(
      fc.property(ports, (named) => {
        const targets = Object.values(gatewayTargetPorts(named));
        expect(new Set(targets).size).toBe(new Set(named).size);
        expect(targets.every((port) => port >= 1024 && port < 65_536)).toBe(true);
      }),
    );
  });

  it('do not move when a listener is added', () => {
    expect(gatewayTargetPorts([80, 30_443])[80]).toBe(gatewayTargetPorts([80])[80]);
  });
});
