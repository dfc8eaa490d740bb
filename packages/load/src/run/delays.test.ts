import { describe, expect, it } from 'vitest';
import { lowestOf } from '../histogram/layout.ts';
import { pairsOf, type SparseHistogram } from '../histogram/sparse.ts';
import { mergeIntervals } from '../result/totals.ts';
import { faultServer } from '../testing/fault-server.ts';
import { delayed, stallOnce } from '../testing/faults.ts';
import { planFor } from '../testing/plans.ts';
import { runLoad } from '../testing/run-load.ts';

function countAbove(histogram: SparseHistogram, ms: number): number {
  return [...pairsOf(histogram)].reduce((sum, [index, count]) => sum + (lowestOf(index) >= ms * 1e6 ? count : 0), 0);
}

describe('the times of a run', () => {
  it('are never below what the server takes, and show two humps where it has two', async () => {
    const { url } = await faultServer(delayed((request) => (request % 4 === 0 ? 150 : 30)));
    const { summary, intervals } = await runLoad(planFor(url, { connections: { count: 50 } }));
    const { service } = mergeIntervals(intervals);
    expect(summary.completed).toBe(100);
    expect(summary.service.minMs).toBeGreaterThan(29);
    expect(countAbove(service, 149)).toBeGreaterThanOrEqual(25);
    expect(summary.response.p50Ms).toBeGreaterThanOrEqual(summary.service.p50Ms ?? 0);
  });

  it('count what had to wait while the server stood still, and not only what was under way', async () => {
    const { url } = await faultServer(stallOnce(30, 400));
    const { summary, intervals } = await runLoad(planFor(url));
    const { service, response } = mergeIntervals(intervals);
    expect(summary.completed).toBe(100);
    // Two connections were stuck; thirty requests and more came due in the first 300 ms of the stall.
    expect(countAbove(service, 100)).toBeLessThan(20);
    expect(countAbove(response, 100)).toBeGreaterThanOrEqual(25);
  });
});
