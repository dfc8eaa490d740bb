import type { Fault, FieldReader } from '@meshwise/model';

/** `fault` of an HTTP rule. Without a percentage no request is hit, as Istio documents. */
export function readFault(field: FieldReader | undefined): Fault | undefined {
  if (field === undefined) return undefined;
  const delay = readDelay(field.object('delay'));
  const abort = readAbort(field.object('abort'));
  field.rest();
  if (delay === undefined && abort === undefined) return undefined;
  return { ...(delay === undefined ? {} : { delay }), ...(abort === undefined ? {} : { abort }) };
}

function readDelay(field: FieldReader | undefined): Fault['delay'] {
  const durationMs = field?.durationMs('fixedDelay');
  const percent = field === undefined ? undefined : readPercent(field);
  field?.rest();
  return durationMs === undefined || percent === undefined ? undefined : { durationMs, percent };
}

function readAbort(field: FieldReader | undefined): Fault['abort'] {
  const httpStatus = field?.number('httpStatus');
  const percent = field === undefined ? undefined : readPercent(field);
  field?.rest();
  return httpStatus === undefined || percent === undefined ? undefined : { httpStatus, percent };
}

function readPercent(field: FieldReader): number | undefined {
  const percentage = field.object('percentage');
  // The older field; whole percent.
  const percent = percentage === undefined ? field.number('percent') : (percentage.number('value') ?? 0);
  percentage?.rest();
  if (percent === undefined) field.info(undefined, 'has no percentage and therefore hits no request');
  if (percent !== undefined && (percent < 0 || percent > 100)) {
    field.invalid('percentage', 'is not between 0 and 100');
    return undefined;
  }
  return percent;
}
