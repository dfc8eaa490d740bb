/**
 * The headers every service passes on with the calls it makes for a request.
 *
 * A mesh joins spans into one trace, and routes by user, only when the application copies these from the request it
 * serves to the requests it makes: no proxy can know which outgoing call belongs to which incoming one.
 */
import type { IncomingHttpHeaders } from 'node:http';

export const forwardedHeaderNames: readonly string[] = [
  'x-request-id',
  'x-ot-span-context',
  'x-datadog-trace-id',
  'x-datadog-parent-id',
  'x-datadog-sampling-priority',
  'traceparent',
  'tracestate',
  'x-cloud-trace-context',
  'grpc-trace-bin',
  'x-b3-traceid',
  'x-b3-spanid',
  'x-b3-parentspanid',
  'x-b3-sampled',
  'x-b3-flags',
  'sw8',
  'end-user',
  'user-agent',
  'cookie',
  'authorization',
  'jwt',
];

export function forwardedHeaders(incoming: IncomingHttpHeaders): Record<string, string> {
  const outgoing: Record<string, string> = {};
  for (const name of forwardedHeaderNames) {
    const value = incoming[name];
    if (value !== undefined) outgoing[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return outgoing;
}
