import type { Fault, FaultAbort, FieldReader } from '@meshwise/model';
import { readDurationMs, readPercent, readWhole, readWholePercent, STATUSES } from './numbers.ts';

/** `fault` of an HTTP rule. Without a percentage no request is hit, as Istio documents. */
export function readFault(field: FieldReader | undefined): Fault | undefined {
  if (field === undefined) return undefined;
  const delayField = field.object('delay');
  const abortField = field.object('abort');
  const delay = delayField === undefined ? undefined : readDelay(delayField);
  const abort = abortField === undefined ? undefined : readAbort(abortField);
  field.rest();
  if (delay === undefined && abort === undefined) return undefined;
  return { ...(delay === undefined ? {} : { delay }), ...(abort === undefined ? {} : { abort }) };
}

function readDelay(field: FieldReader): Fault['delay'] {
  const durationMs = readDurationMs(field, 'fixedDelay', 1);
  const percent = readShare(field, true);
  const isUnsupported = field.refuse('exponentialDelay');
  if (!field.has('fixedDelay') && !isUnsupported) field.invalid('fixedDelay', 'is missing');
  field.rest();
  return durationMs === undefined || percent === undefined ? undefined : { durationMs, percent };
}

/** Numbers of the gRPC status codes by their names. */
const GRPC_STATUSES: readonly string[] = [
  ...['OK', 'CANCELLED', 'UNKNOWN', 'INVALID_ARGUMENT', 'DEADLINE_EXCEEDED', 'NOT_FOUND', 'ALREADY_EXISTS'],
  ...['PERMISSION_DENIED', 'RESOURCE_EXHAUSTED', 'FAILED_PRECONDITION', 'ABORTED', 'OUT_OF_RANGE', 'UNIMPLEMENTED'],
  ...['INTERNAL', 'UNAVAILABLE', 'DATA_LOSS', 'UNAUTHENTICATED'],
];

function readAbort(field: FieldReader): FaultAbort | undefined {
  const httpStatus = readWhole(field, 'httpStatus', STATUSES);
  const grpcName = field.string('grpcStatus');
  const percent = readShare(field, false);
  const isUnsupported = field.refuse('http2Error');
  field.rest();
  const grpcStatus = grpcName === undefined ? -1 : GRPC_STATUSES.indexOf(grpcName);
  if (grpcName !== undefined && grpcStatus < 0)
    field.invalid('grpcStatus', 'is no status of gRPC, such as UNAVAILABLE');
  if (!isUnsupported && !field.has('httpStatus') && grpcName === undefined) {
    field.invalid(undefined, 'has neither httpStatus nor grpcStatus');
  }
  if (percent === undefined) return undefined;
  if (httpStatus !== undefined) return { httpStatus, percent };
  return grpcStatus < 0 ? undefined : { grpcStatus, percent };
}

function readShare(field: FieldReader, hasOlderForm: boolean): number | undefined {
  const name = field.has('percentage') || !hasOlderForm ? 'percentage' : 'percent';
  if (hasOlderForm) field.ignore('percent');
  const percent = name === 'percentage' ? readPercent(field, name) : readWholePercent(field, name);
  if (!field.has(name)) field.info(undefined, 'has no percentage and therefore hits no request');
  return percent;
}
