import { countOf, Histogram } from '@meshwise/load';
import { encodeHdr } from '@meshwise/load/node';
import type { RunData } from '../charts/run-data.ts';

const TAGS = ['response', 'service', 'lag', 'errorResponse'] as const;

/**
 * A log of HdrHistogram (HistogramLogWriter, version 1.3), which its log processor and plotters read: a tagged line for each
 * histogram that holds anything, over the whole measured time. Values are nanoseconds; the maximum in the fourth column is in
 * milliseconds, as the format has it.
 */
export function hdrLog({ record, histograms }: RunData): string {
  const start = (Date.parse(record.startedAt) / 1_000).toFixed(3);
  const seconds = ((record.summary?.measuredMs ?? 0) / 1_000).toFixed(3);
  const lines = TAGS.filter((tag) => countOf(histograms[tag]) > 0).map((tag) => {
    const most = (Histogram.fromSparse(histograms[tag]).maxNs / 1e6).toFixed(3);
    return `Tag=${tag},0.000,${seconds},${most},${encodeHdr(histograms[tag])}\n`;
  });
  return [
    '#[Histogram log format version 1.3]\n',
    `#[StartTime: ${start} (seconds since epoch)]\n`,
    `#[BaseTime: ${start} (seconds since epoch)]\n`,
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"\n',
    ...lines,
  ].join('');
}
