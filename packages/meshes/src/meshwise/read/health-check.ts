import type { FieldReader, HealthCheck } from '@meshwise/model';
import { readCount } from './counts.ts';

const DEFAULT_INTERVAL_MS = 5_000;
const DEFAULT_TIMEOUT_MS = 1_000;
const DEFAULT_UNHEALTHY_THRESHOLD = 3;
const DEFAULT_HEALTHY_THRESHOLD = 2;

/** `healthCheck`: exactly one of http, grpc and tcp. */
export function readHealthCheck(field: FieldReader | undefined): HealthCheck | undefined {
  if (field === undefined) return undefined;
  const http = field.object('http');
  const grpc = field.object('grpc');
  const tcp = field.object('tcp');
  const timing = {
    intervalMs: Math.max(1, field.durationMs('interval') ?? DEFAULT_INTERVAL_MS),
    timeoutMs: Math.max(1, field.durationMs('timeout') ?? DEFAULT_TIMEOUT_MS),
    unhealthyThreshold: readCount(field, 'unhealthyThreshold', 1) ?? DEFAULT_UNHEALTHY_THRESHOLD,
    healthyThreshold: readCount(field, 'healthyThreshold', 1) ?? DEFAULT_HEALTHY_THRESHOLD,
    origin: field.origin(),
  };
  field.rest();
  if (http !== undefined) {
    const path = http.string('path') ?? '/';
    const host = http.string('host');
    const expectedStatuses = http.list('expectedStatuses').flatMap((range) => {
      const [from, to] = [readCount(range, 'from', 100, 599), readCount(range, 'to', 100, 599)];
      range.rest();
      if (from !== undefined && to !== undefined && from <= to) return [{ from, to }];
      range.invalid(undefined, 'needs from and to, and from not above to');
      return [];
    });
    http.rest();
    return {
      kind: 'http',
      path,
      ...(host === undefined || host === '' ? {} : { host }),
      ...(expectedStatuses.length === 0 ? {} : { expectedStatuses }),
      ...timing,
    };
  }
  if (grpc !== undefined) {
    const service = grpc.string('service');
    grpc.rest();
    return { kind: 'grpc', ...(service === undefined ? {} : { path: service }), ...timing };
  }
  if (tcp !== undefined) return { kind: 'tcp', ...timing };
  field.invalid(undefined, 'needs one of http, grpc and tcp');
  return undefined;
}
