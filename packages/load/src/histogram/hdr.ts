import { inflateSync } from 'node:zlib';
import { MeshwiseError } from '@meshwise/core';
import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, JsHistogram } from 'hdr-histogram-js';
import { Histogram } from './histogram.ts';
import { BUCKETS, HOUR_NS, lowestOf } from './layout.ts';
import type { SparseHistogram } from './sparse.ts';

/** Every bucket with a count of nine bytes, and the header. */
const MAX_PAYLOAD_BYTES = 9 * BUCKETS + 40;
const SIGNIFICANT_DIGITS = 3;
const LOWEST_NS = 1;

/**
 * HdrHistogram's "V2 compressed" form in base64, which its libraries in every language read, and with them `HistogramLogAnalyzer`
 * and the plotters. Values are nanoseconds. Nothing is lost: the layout is the same.
 */
export function encodeHdr(sparse: SparseHistogram): string {
  const hdr = build({
    bitBucketSize: 64,
    autoResize: false,
    lowestDiscernibleValue: LOWEST_NS,
    highestTrackableValue: HOUR_NS,
    numberOfSignificantValueDigits: SIGNIFICANT_DIGITS,
  });
  for (const [fromNs, , count] of Histogram.fromSparse(sparse).buckets()) hdr.recordValueWithCount(fromNs, count);
  return encodeIntoCompressedBase64(hdr);
}

/** The reverse, for histograms of 1 ns and three digits: of others nobody could say in which unit they are. */
export function decodeHdr(base64: string): SparseHistogram {
  const { digits, lowest } = readHeader(base64);
  if (digits !== SIGNIFICANT_DIGITS || lowest !== LOWEST_NS) {
    const found = `a lowest value of ${lowest} and ${digits} digits`;
    throw new MeshwiseError('MW0001', 'the histogram is of another kind', { found, expected: '1 and 3' });
  }
  const decoded = decodeFromCompressedBase64(base64, 64);
  const histogram = new Histogram();
  if (!(decoded instanceof JsHistogram)) return [];
  for (let index = 0; index < decoded.countsArrayLength; index += 1) {
    histogram.recordCount(lowestOf(index), decoded.getCountAtIndex(index));
  }
  return histogram.toSparse();
}

/** Looks before the library does, which would unpack and make room for whatever the text says. */
function readHeader(base64: string): { digits: number; lowest: number } {
  try {
    const payload = inflateSync(Buffer.from(base64, 'base64').subarray(8), { maxOutputLength: MAX_PAYLOAD_BYTES });
    return { digits: payload.readInt32BE(12), lowest: Number(payload.readBigInt64BE(16)) };
  } catch (cause) {
    throw new MeshwiseError('MW0001', 'this is not a histogram in HdrHistogram V2 form', {}, { cause });
  }
}
