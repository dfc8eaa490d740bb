import type { LoadPlan } from '../../plan/plan.ts';
import type { Shard } from '../../run/contract.ts';
import { seededRandom } from '../random.ts';
import { type Arrivals, ArrivalsInTurn, ConstantArrivals, PoissonArrivals } from './arrivals.ts';
import { RateCurve } from './rate-curve.ts';

/** Streams of the plan's seed. Workers share those of arrivals, since they share the schedule. */
const WARM_UP_STREAM = 1;
const MEASURED_STREAM = 2;

/** When a worker's requests of an open loop are due: those of the warm-up, below zero, under the first rate; then the stages. */
export function openArrivals(plan: LoadPlan, shard: Shard): Arrivals {
  const { pace, warmUpMs, maxRequests, seed } = plan;
  if (pace.kind !== 'open') throw new RangeError('a closed loop has no arrivals of its own');
  const make = (curve: RateCurve, stream: number, most?: number): Arrivals =>
    pace.arrivals === 'constant'
      ? new ConstantArrivals(curve, shard, most)
      : new PoissonArrivals(curve, shard, seededRandom(seed, stream), most);
  const firstRps = pace.stages[0]?.fromRps ?? 0;
  const warmUp = new RateCurve([{ durationMs: warmUpMs, fromRps: firstRps, toRps: firstRps }], -warmUpMs * 1e6);
  const measured = make(new RateCurve(pace.stages), MEASURED_STREAM, maxRequests ?? undefined);
  return new ArrivalsInTurn(make(warmUp, WARM_UP_STREAM), measured);
}
