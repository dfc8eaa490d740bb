import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { type handleUnaryCall, Server, ServerCredentials } from '@grpc/grpc-js';
import type { Clock } from '@meshwise/core';
import {
  RateLimitResponse_Code as Code,
  RateLimitRequestSchema,
  RateLimitResponseSchema,
  RateLimitResponse_RateLimit_Unit as Unit,
} from '@meshwise/xds/rate-limit-service';
import type { Decision, Limiter } from './limiter.ts';

const METHOD = '/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit';
/** Far more than a proxy sends; what is longer is no question of ours. */
const MAX_REQUEST_BYTES = 64 * 1024;

const UNITS: readonly (readonly [number, Unit])[] = [
  [1_000, Unit.SECOND],
  [60_000, Unit.MINUTE],
  [3_600_000, Unit.HOUR],
  [86_400_000, Unit.DAY],
];

export interface RateLimitService {
  close(): Promise<void>;
}

/** envoy.service.ratelimit.v3.RateLimitService on a Unix socket. The file must not be there. */
export async function serveRateLimits(options: {
  limiter: Limiter;
  clock: Clock;
  socketPath: string;
}): Promise<RateLimitService> {
  const { limiter, clock, socketPath } = options;
  const server = new Server({ 'grpc.max_receive_message_length': MAX_REQUEST_BYTES });
  const handle: handleUnaryCall<Uint8Array, Buffer> = (call, callback) =>
    callback(null, Buffer.from(answer(limiter, call.request, clock.nowMs())));
  server.register(
    METHOD,
    handle,
    (reply: Buffer) => reply,
    (bytes: Uint8Array) => bytes,
    'unary',
  );
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${socketPath}`, ServerCredentials.createInsecure(), (error) =>
      error === null ? resolve() : reject(error),
    );
  });
  return { close: () => new Promise((resolve) => server.tryShutdown(() => resolve())) };
}

/** Every descriptor is counted; one that is over its limit decides the whole. */
function answer(limiter: Limiter, bytes: Uint8Array, nowMs: number): Uint8Array {
  const request = fromBinary(RateLimitRequestSchema, bytes);
  const hits = Math.max(1, request.hitsAddend);
  const decisions = request.descriptors.map((descriptor) => limiter.hit(descriptor.entries, hits, nowMs));
  const overall = decisions.every(({ allowed }) => allowed) ? Code.OK : Code.OVER_LIMIT;
  const response = create(RateLimitResponseSchema, { overallCode: overall, statuses: decisions.map(statusOf) });
  return toBinary(RateLimitResponseSchema, response);
}

function statusOf({ allowed, limit }: Decision) {
  const code = allowed ? Code.OK : Code.OVER_LIMIT;
  if (limit === undefined) return { code };
  const unit = UNITS.find(([lengthMs]) => lengthMs === limit.perMs)?.[1];
  return {
    code,
    limitRemaining: Math.min(limit.remaining, 0xffff_ffff),
    durationUntilReset: { seconds: BigInt(Math.ceil(limit.resetMs / 1_000)), nanos: 0 },
    // Shown as x-ratelimit-limit; the service's units know no other lengths.
    ...(unit === undefined ? {} : { currentLimit: { requestsPerUnit: limit.requests, unit } }),
  };
}
