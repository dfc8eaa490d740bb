import type { Any } from '@bufbuild/protobuf/wkt';
import type { Fault } from '@meshwise/model';
import { HTTPFaultSchema } from '../../gen/envoy/extensions/filters/http/fault/v3/fault_pb.js';
import { durationOf, packed } from './packing.ts';
import { percentage } from './percentages.ts';

/** Name of the filter, of its per-route configuration and of its ECDS resource: Envoy ties the three by it. */
export const FAULT_FILTER = 'envoy.filters.http.fault';

/** The filter itself does nothing; what it does on a route arrives with the route, and so acts on open connections. */
export function faultFilter(): Any {
  return packed(HTTPFaultSchema, {});
}

export function routeFault(fault: Fault): Any {
  return packed(HTTPFaultSchema, {
    ...(fault.delay === undefined
      ? {}
      : {
          delay: {
            faultDelaySecifier: { case: 'fixedDelay', value: durationOf(fault.delay.durationMs) },
            percentage: percentage(fault.delay.percent),
          },
        }),
    ...(fault.abort === undefined
      ? {}
      : {
          abort: {
            errorType:
              'httpStatus' in fault.abort
                ? { case: 'httpStatus', value: fault.abort.httpStatus }
                : { case: 'grpcStatus', value: fault.abort.grpcStatus },
            percentage: percentage(fault.abort.percent),
          },
        }),
  });
}
