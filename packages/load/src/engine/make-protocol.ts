import type { Clock } from '@meshwise/core';
import type { LoadPlan } from '../plan/plan.ts';
import type { PrepareProtocol, Protocol } from './connection.ts';
import { prepareHttp1 } from './http1/http1-protocol.ts';
import { prepareGrpc, prepareHttp2 } from './http2/http2-protocol.ts';
import { prepareRequest } from './prepared-request.ts';
import { targetOf } from './target.ts';

const PROTOCOLS: Readonly<Record<LoadPlan['protocol'], (clock: Clock) => PrepareProtocol>> = {
  http1: prepareHttp1,
  http2: prepareHttp2,
  grpc: prepareGrpc,
};

/** The protocol of a plan, ready for its requests. Throws MW8001 for plans that no connection can be made of. */
export function makeProtocol(plan: LoadPlan, clock: Clock): Protocol {
  const { maxHeadBytes, maxBodyBytes } = plan;
  const { streamsPerConnection } = plan.connections;
  const prepare = PROTOCOLS[plan.protocol](clock);
  return prepare(targetOf(plan), plan.requests.map(prepareRequest), {
    maxHeadBytes,
    maxBodyBytes,
    streamsPerConnection,
  });
}
