import type { Resource } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { mergedStatus } from './merged-status.ts';

const T1 = '2026-01-01T00:00:01Z';
const T2 = '2026-01-01T00:00:02Z';
const OURS = 'meshwise.dev/gateway-controller';
const route = (status: object | undefined, generation = 3): Resource =>
  ({
    apiVersion: 'gateway.networking.k8s.io/v1',
    kind: 'HTTPRoute',
    metadata: { name: 'r', namespace: 'default', generation },
    ...(status === undefined ? {} : { status }),
  }) as Resource;
const accepted = (status: 'True' | 'False') => ({ type: 'Accepted', status, reason: 'Accepted', message: '' });
const parent = (name: string, status: 'True' | 'False' = 'True', controllerName = OURS) => ({
  parentRef: { kind: 'Gateway', name },
  controllerName,
  conditions: [accepted(status)],
});
const stampedAt = (time: string, generation: number) => ({ lastTransitionTime: time, observedGeneration: generation });

describe('001-77 the status that is written', () => {
  it('has the time of its writing and the generation it speaks of', () => {
    expect(mergedStatus(route(undefined), { parents: [parent('a')] }, T1)).toEqual({
      parents: [{ ...parent('a'), conditions: [{ ...accepted('True'), ...stampedAt(T1, 3) }] }],
    });
  });

  it('keeps the time while the condition stays, and moves it with the condition', () => {
    const first = mergedStatus(route(undefined), { parents: [parent('a')] }, T1);
    expect(mergedStatus(route(first), { parents: [parent('a')] }, T2)).toBeUndefined();
    expect(mergedStatus(route(first, 4), { parents: [parent('a')] }, T2)).toMatchObject({
      parents: [{ conditions: [stampedAt(T1, 4)] }],
    });
    expect(mergedStatus(route(first), { parents: [parent('a', 'False')] }, T2)).toMatchObject({
      parents: [{ conditions: [{ status: 'False', ...stampedAt(T2, 3) }] }],
    });
  });

  it('leaves to other controllers what is theirs, and takes back what is ours', () => {
    const other = { ...parent('b', 'True', 'example.com/controller'), conditions: [{ type: 'Odd', status: 'True' }] };
    const before = { parents: [other, parent('a'), parent('gone')] };
    const after = mergedStatus(route(before), { parents: [parent('a')] }, T2);
    expect(after).toMatchObject({ parents: [other, { parentRef: { name: 'a' } }] });
    expect((after?.['parents'] as unknown[] | undefined)?.length).toBe(2);
    expect(mergedStatus(route({ parents: [parent('a')] }), { parents: [] }, T2)).toEqual({ parents: [] });
  });

  it('keeps conditions of types that are none of ours, and drops ours that are wanted no more', () => {
    const odd = { type: 'example.com/Odd', status: 'True' };
    const partly = { type: 'PartiallyInvalid', status: 'True', ...stampedAt(T1, 3) };
    const before = { conditions: [odd, { ...accepted('True'), ...stampedAt(T1, 3) }, partly] };
    expect(mergedStatus(route(before), { conditions: [accepted('True')] }, T2)).toEqual({
      conditions: [odd, { ...accepted('True'), ...stampedAt(T1, 3) }],
    });
  });

  it('keeps times of listeners by their names, and other fields as they are', () => {
    const listener = (name: string) => ({ name, attachedRoutes: 0, conditions: [accepted('True')] });
    const first = mergedStatus(route({ supportedFeatures: [] }), { listeners: [listener('a')] }, T1);
    const second = mergedStatus(route(first), { listeners: [listener('b'), listener('a')] }, T2);
    expect(second).toMatchObject({
      supportedFeatures: [],
      listeners: [
        { name: 'b', conditions: [stampedAt(T2, 3)] },
        { name: 'a', conditions: [stampedAt(T1, 3)] },
      ],
    });
  });

  it('is nothing for a route of which nobody says anything', () => {
    expect(mergedStatus(route(undefined), { parents: [] }, T1)).toBeUndefined();
  });
});
