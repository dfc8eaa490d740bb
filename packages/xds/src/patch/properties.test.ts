import type { PatchPlan } from '@meshwise/model';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonOf } from '../envoy/testing/json-of.ts';
import { patched } from './apply-patches.ts';
import { ALL, apply, namesIn, patch, printed } from './testing/printed.ts';

const MANAGER = 'envoy.filters.network.http_connection_manager';
const buffer = (name: string) => ({
  name,
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.buffer.v3.Buffer',
    max_request_bytes: 10,
  },
});
const httpMatch = (subFilter?: string) => ({
  listener: {
    filterChain: { filter: { name: MANAGER, ...(subFilter === undefined ? {} : { subFilter: { name: subFilter } }) } },
  },
});

const anyPatch: fc.Arbitrary<PatchPlan> = fc.oneof(
  fc
    .record({
      operation: fc.constantFrom('ADD', 'INSERT_FIRST', 'INSERT_BEFORE', 'INSERT_AFTER', 'REPLACE', 'REMOVE'),
      at: fc.constantFrom(undefined, 'envoy.filters.http.router', 'a', 'b'),
      name: fc.constantFrom('a', 'b'),
    })
    .map(({ operation, at, name }) =>
      patch('HTTP_FILTER', operation as PatchPlan['operation'], { value: buffer(name), match: httpMatch(at) }),
    ),
  fc
    .record({ operation: fc.constantFrom('MERGE', 'REMOVE'), port: fc.constantFrom(9080, 3306, 80) })
    .map(({ operation, port }) =>
      patch('LISTENER', operation as PatchPlan['operation'], {
        value: { per_connection_buffer_limit_bytes: 5 },
        match: { listener: { portNumber: port } },
      }),
    ),
  fc
    .record({ operation: fc.constantFrom('MERGE', 'REMOVE', 'REPLACE'), domainName: fc.constantFrom('reviews', 'x') })
    .map(({ operation, domainName }) =>
      patch('VIRTUAL_HOST', operation as PatchPlan['operation'], {
        value: { name: 'v', domains: ['x'] },
        match: { routeConfiguration: { vhost: { domainName } } },
      }),
    ),
  fc
    .record({ operation: fc.constantFrom('MERGE', 'REMOVE'), subset: fc.constantFrom('v1', 'v2') })
    .map(({ operation, subset }) =>
      patch('CLUSTER', operation as PatchPlan['operation'], {
        value: { alt_stat_name: 'p' },
        match: { cluster: { subset } },
      }),
    ),
);

describe('patching', () => {
  it('gives the same result every time, and leaves what it patches as it was', () => {
    const before = ALL.map(jsonOf);
    fc.assert(
      fc.property(fc.array(anyPatch, { maxLength: 5 }), (patches) => {
        const once = ALL.map((resource) => apply(resource, patches).json);
        expect(ALL.map((resource) => apply(resource, patches).json)).toEqual(once);
        expect(ALL.map(jsonOf)).toEqual(before);
      }),
      { numRuns: 40 },
    );
  });

  it('gives back the very same object where no patch matches', () => {
    fc.assert(
      fc.property(fc.array(anyPatch, { maxLength: 5 }), fc.constantFrom(...ALL), (patches, resource) => {
        const { resource: result, matched } = patched(resource, patches, 'sidecar');
        if (matched.size === 0) expect(result?.message).toEqual(resource.message);
        if (jsonText(result) !== jsonText(resource)) expect(matched.size).toBeGreaterThan(0);
      }),
      { numRuns: 200 },
    );
    const nobody = patch('CLUSTER', 'MERGE', { value: { alt_stat_name: 'x' }, match: { cluster: { name: 'nobody' } } });
    for (const resource of ALL) expect(apply(resource, [nobody]).result).toBe(resource);
  });

  it('is undone by REMOVE after ADD', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('ADD', 'INSERT_FIRST', 'INSERT_BEFORE', 'INSERT_AFTER'),
        fc.stringMatching(/^[a-z]{3,8}$/),
        (operation, name) => {
          const add = patch('HTTP_FILTER', operation as PatchPlan['operation'], {
            value: buffer(name),
            match: httpMatch(),
          });
          const remove = patch('HTTP_FILTER', 'REMOVE', { match: httpMatch(name) });
          for (const resource of [printed.outbound, printed.inbound]) {
            expect(namesIn(apply(resource, [add]).json, 'http_filters')).toContain(name);
            expect(apply(resource, [add, remove]).json).toEqual(jsonOf(resource));
          }
        },
      ),
      { numRuns: 30 },
    );
  });
});

function jsonText(resource: Parameters<typeof jsonOf>[0] | undefined): string {
  return resource === undefined ? '' : JSON.stringify(jsonOf(resource));
}
