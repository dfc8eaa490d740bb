import type { StatusView, Traffic } from '@meshwise/api';

/** Why a figure is not there. Said beside every dash, since an absent answer is not a good one. */
export function missingTrafficReason(status: Pick<StatusView, 'measuredAt'>, traffic: Traffic): string {
  if (traffic.requestsPerSecond === 0) return 'No requests in the last window';
  if (status.measuredAt === null) return 'Not measured yet';
  return 'No proxy reported it';
}

export function missingUseReason(status: Pick<StatusView, 'measuredAt'>): string {
  return status.measuredAt === null ? 'Not measured yet' : 'The process could not be read';
}
