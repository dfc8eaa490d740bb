import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bookinfo, empty } from '../../../test/fixtures.ts';
import { collapseTopology } from './collapse.ts';
import { mergeTraffic, topologyOf } from './graph.ts';
import { describeTopology, edgeLabel, edgeState, edgeWidth, tlsText } from './labels.ts';
import { layoutTopology, NODE_HEIGHT, NODE_WIDTH } from './layout.ts';
import { inNamespaces, limitTopology } from './limit.ts';
import { pathThrough } from './path.ts';

const topology = topologyOf(bookinfo(0));
const edge = (from: string, to: string) => topology.edges.find((one) => one.from === from && one.to === to);

describe('the topology (001-45)', () => {
  test('has every workload, service and host, and an edge for each pair that speaks', () => {
    expect(topology.nodes.filter(({ kind }) => kind === 'service').map(({ name }) => name)).toContain('reviews');
    expect(topology.nodes.find(({ id }) => id === 'host/api.elsewhere.example')).toMatchObject({ health: 'unknown' });
    expect(edge('workload/default/productpage-v1', 'service/default/reviews')).toMatchObject({
      subsets: ['v1', 'v2'],
      mutualTls: true,
    });
    expect(edge('service/default/reviews', 'workload/default/reviews-v2')).toMatchObject({ kind: 'backend' });
  });

  test('adds up the rates of subsets, weights their errors, and keeps the slowest percentile', () => {
    const { traffic } = edge('workload/default/productpage-v1', 'service/default/reviews') ?? {
      traffic: mergeTraffic([]),
    };
    expect(traffic.requestsPerSecond).toBeCloseTo(41.7);
    expect(traffic.errorPercent).toBeCloseTo((27.8 * 4.6) / 41.7);
    expect(traffic.latencyP99Ms).toBe(1320);
  });

  test('takes what nobody measured for unknown, never for zero', () => {
    expect(mergeTraffic([])).toMatchObject({ requestsPerSecond: null, errorPercent: null });
    expect(topologyOf(empty(0))).toEqual({ nodes: [], edges: [] });
  });

  test('draws a caller that is no workload of the mesh', () => {
    const status = {
      ...empty(0),
      services: bookinfo(0).services,
      calls: [{ ...calls[0], from: 'pods outside the mesh' }],
    };
    expect(topologyOf(status as never).nodes).toContainEqual(
      expect.objectContaining({ id: 'workload/pods outside the mesh', health: 'unknown' }),
    );
  });
});

const { calls } = bookinfo(0);

describe('drawn as one', () => {
  const drawn = collapseTopology(topology);

  test('are a service and the only workload behind it, with the worse health of the two', () => {
    const ratings = drawn.nodes.find(({ id }) => id === 'service/default/ratings');
    expect(ratings).toMatchObject({ workload: 'ratings-v1', health: 'failing' });
    expect(drawn.nodes.some(({ id }) => id === 'workload/default/ratings-v1')).toBe(false);
    expect(drawn.edges.map(({ id }) => id)).toContain('service/default/productpage → service/default/reviews');
  });

  test('are not the versions of a service', () => {
    expect(drawn.nodes.map(({ id }) => id)).toContain('workload/default/reviews-v2');
  });

  test('nothing is lost: every edge ends in a node', () => {
    const ids = new Set(drawn.nodes.map(({ id }) => id));
    expect(drawn.edges.filter(({ from, to }) => !ids.has(from) || !ids.has(to))).toEqual([]);
    expect(drawn.edges.filter(({ kind }) => kind === 'call')).toHaveLength(5);
  });
});

describe('a path', () => {
  test('is what leads to a node and what it leads to', () => {
    const path = pathThrough(topology, 'service/default/ratings');
    expect(path).toContain('workload/default/productpage-v1');
    expect(path).toContain('workload/default/ratings-v1');
    expect(path).not.toContain('service/default/details');
  });

  test('of nothing is everything, so that an address by hand dims nothing', () => {
    expect(pathThrough(topology, 'no such node').size).toBe(topology.nodes.length);
  });
});

describe('a topology that is too large', () => {
  test('keeps trouble first, then traffic, and says how much it left out', () => {
    const limited = limitTopology(topology, 3);
    expect(limited.hidden).toBe(topology.nodes.length - 3);
    expect(limited.nodes.every(({ health }) => health === 'failing' || health === 'degraded')).toBe(true);
    const ids = new Set(limited.nodes.map(({ id }) => id));
    expect(limited.edges.every(({ from, to }) => ids.has(from) && ids.has(to))).toBe(true);
  });

  test('of a namespace has its neighbours too', () => {
    const shown = inNamespaces(topology, ['shop']);
    expect(shown.nodes.map(({ namespace }) => namespace)).not.toContain('default');
    expect(inNamespaces(topology, [])).toBe(topology);
  });
});

describe('the layout', () => {
  test.each(['LR', 'TB'] as const)('%s places every node, and none upon another', (direction) => {
    const placed = [...layoutTopology(topology, direction).values()];
    expect(placed).toHaveLength(topology.nodes.length);
    for (const [index, a] of placed.entries()) {
      for (const b of placed.slice(index + 1)) {
        expect(Math.abs(a.x - b.x) >= NODE_WIDTH || Math.abs(a.y - b.y) >= NODE_HEIGHT).toBe(true);
      }
    }
  });

  test('does not move when health changes', () => {
    const well = {
      ...topology,
      nodes: topology.nodes.map((node) => ({ ...node, health: 'healthy' as const })).toReversed(),
    };
    expect(layoutTopology(well, 'LR')).toEqual(new Map([...layoutTopology(topology, 'LR')].toReversed()));
  });
});

describe('an edge', () => {
  const ratings = edge('workload/default/reviews-v2', 'service/default/ratings');

  test('has one label, an unknown where there is none, and says plain text in words', () => {
    expect(ratings && edgeLabel(ratings, 'rate')).toBe('28/s');
    expect(ratings && edgeLabel(ratings, 'errors')).toBe('100 %');
    expect(ratings && edgeLabel(ratings, 'mtls')).toBe('plain text');
    expect(tlsText({ mutualTls: null })).toBe('unknown');
    expect(ratings && edgeState(ratings)).toBe('failing');
  });

  test('is never thinner with more traffic', () => {
    const width = (rate: number) =>
      edgeWidth({ traffic: { ...mergeTraffic([]), requestsPerSecond: rate } } as Parameters<typeof edgeWidth>[0]);
    fc.assert(fc.property(fc.nat(), fc.nat(), (a, b) => (a <= b ? width(a) <= width(b) : width(b) <= width(a))));
  });

  test('and everything else is told in one sentence', () => {
    expect(describeTopology(topology)).toMatch(
      /^\d+ services, \d+ workloads, \d+ gateways?: \d+ in trouble; \d+ calls, 1 of them in plain text\.$/,
    );
  });
});
