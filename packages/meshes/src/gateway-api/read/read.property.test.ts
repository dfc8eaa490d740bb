import { validateObject } from '@meshwise/resources';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { anyAttached } from '../../testing/arbitrary-attached.ts';
import { gatewayApiMesh } from '../index.ts';

it('what is read of any resource is plain data, and each remark names a field that the resource has', () => {
  fc.assert(
    fc.property(anyAttached, (resource) => {
      const fragment = gatewayApiMesh.read(resource) ?? { items: [], residues: [] };
      expect(JSON.parse(JSON.stringify(fragment))).toEqual(fragment);
      for (const { origin } of fragment.residues) {
        const missing = /\.(?:port|tls|absoluteTimeout)$/.test(origin.field ?? '');
        expect(missing || hasField(resource, origin.field ?? ''), origin.field).toBe(true);
      }
    }),
    { numRuns: 300 },
  );
});

it('a resource whose rules all hold is read without a word about what is wrong', () => {
  fc.assert(
    fc.property(anyAttached, (resource) => {
      fc.pre(!validateObject(resource).some(({ severity }) => severity === 'error'));
      const wrong = gatewayApiMesh.read(resource)?.residues.filter(({ severity }) => severity === 'invalid');
      expect(wrong ?? []).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

function hasField(value: unknown, path: string): boolean {
  const steps = path.split(/[.[\]]+/).filter((step) => step !== '');
  let current = value;
  for (const step of steps) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return false;
    current = (current as Readonly<Record<string, unknown>>)[step];
  }
  return true;
}
