import fc from 'fast-check';
import { expect, test } from 'vitest';
import { proportionalSizes } from './proportional.ts';

const sizes = (map: ReadonlyMap<string, number>) => Object.fromEntries(map);

test('the example of the Kubernetes documentation: 10 pods in rollout as 8 and 5, scaled to 15, become 11 and 7', () => {
  const sets = [
    { name: 'newer', replicas: 5, maxReplicas: 13 },
    { name: 'older', replicas: 8, maxReplicas: 13 },
  ];
  expect(sizes(proportionalSizes(sets, 18))).toEqual({ newer: 7, older: 11 });
});

test('all sets go to zero with the Deployment', () => {
  const sets = [
    { name: 'newer', replicas: 2, maxReplicas: 4 },
    { name: 'older', replicas: 2, maxReplicas: 4 },
  ];
  expect(sizes(proportionalSizes(sets, 0))).toEqual({ newer: 0, older: 0 });
});

test('sizes add up to what is allowed and move in one direction, whatever the sets are', () => {
  const set = fc.record({ replicas: fc.integer({ min: 1, max: 40 }), maxReplicas: fc.nat(60) });
  fc.assert(
    fc.property(fc.array(set, { minLength: 2, maxLength: 5 }), fc.nat(100), (given, allowed) => {
      const sets = given.map((entry, index) => ({ name: `set-${index}`, ...entry }));
      const present = sets.reduce((sum, entry) => sum + entry.replicas, 0);
      const after = proportionalSizes(sets, allowed);
      const total = [...after.values()].reduce((sum, size) => sum + size, 0);
      for (const entry of sets) {
        const size = after.get(entry.name) ?? 0;
        expect(allowed >= present ? size >= entry.replicas : size <= entry.replicas).toBe(true);
        expect(size).toBeGreaterThanOrEqual(0);
      }
      expect(total).toBe(allowed);
    }),
    { numRuns: 1000 },
  );
});
