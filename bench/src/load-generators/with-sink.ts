import { availableParallelism } from 'node:os';
import type { BenchResult } from '../report/result.ts';
import { Sink } from './sink.ts';

/** Gives the server to a bench, or says why there is none. */
export async function withSink(measure: (sink: Sink) => Promise<BenchResult>): Promise<BenchResult> {
  if (availableParallelism() < 2) return nothing('two cores are needed: one for the server, one for the generator');
  const sink = await Sink.start().catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  if (typeof sink === 'string') return nothing(sink);
  try {
    return await measure(sink);
  } finally {
    await sink.stop();
  }
}

function nothing(why: string): BenchResult {
  return { tables: [], notes: [`not measured: ${why}`], details: null };
}
