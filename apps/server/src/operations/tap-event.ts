import type { TapEvent } from '@meshwise/api';
import type { RunningProxy } from '@meshwise/platform';

interface TracedMessage {
  readonly headers?: readonly { readonly key?: string; readonly value?: string }[];
  readonly headers_received_time?: string;
}

/** The parts of data.tap.v3.TraceWrapper that are used. */
export interface HttpTrace {
  readonly http_buffered_trace?: {
    readonly request?: TracedMessage;
    readonly response?: TracedMessage;
    readonly downstream_connection?: {
      readonly local_address?: {
        readonly socket_address?: { readonly address?: string; readonly port_value?: number };
      };
      readonly remote_address?: {
        readonly socket_address?: { readonly address?: string; readonly port_value?: number };
      };
    };
  };
}

/** One line for a traced request. Inbound is what came in on the address of the proxy's own workload. */
export function tapEvents(proxy: RunningProxy, trace: HttpTrace): TapEvent[] {
  const traced = trace.http_buffered_trace;
  if (traced?.request === undefined) return [];
  const requestHeader = headersOf(traced.request);
  const responseHeader = headersOf(traced.response);
  const local = traced.downstream_connection?.local_address?.socket_address;
  const remote = traced.downstream_connection?.remote_address?.socket_address;
  const { descriptor, pod } = proxy;
  const inbound =
    descriptor.role === 'gateway' ||
    descriptor.workloads.some((workload) => workload.placement.podIp === local?.address);
  const startMs = timeOf(traced.request);
  const endMs = timeOf(traced.response);
  const durationMs = startMs === undefined || endMs === undefined ? Number.NaN : endMs - startMs;
  return [
    {
      at: traced.request.headers_received_time ?? '',
      direction: inbound ? 'inbound' : 'outbound',
      proxy: pod === undefined ? descriptor.id : `${pod.namespace}/${pod.name}`,
      method: requestHeader(':method') ?? '',
      authority: requestHeader(':authority') ?? '',
      path: requestHeader(':path') ?? '',
      status: Number(responseHeader(':status') ?? 0),
      durationMs: Number.isNaN(durationMs) ? 0 : Math.max(0, Math.round(durationMs * 1000) / 1000),
      local: local === undefined ? null : `${local.address}:${local.port_value}`,
      // Inside the mesh's namespace every address is local, and the kernel then gives both ends the same one: that says nothing.
      peer:
        remote?.address === undefined || remote.address === local?.address
          ? null
          : `${remote.address}:${remote.port_value}`,
      requestId: requestHeader('x-request-id') ?? null,
    },
  ];
}

function headersOf(message: TracedMessage | undefined): (name: string) => string | undefined {
  return (name) => message?.headers?.find((header) => header.key?.toLowerCase() === name)?.value;
}

/** Milliseconds with the microseconds that Date would drop. */
function timeOf(message: TracedMessage | undefined): number | undefined {
  const text = message?.headers_received_time;
  if (text === undefined) return undefined;
  const fraction = /\.(\d+)Z$/.exec(text)?.[1] ?? '0';
  const seconds = Date.parse(text.replace(/\.\d+Z$/, 'Z'));
  return seconds + Number(`0.${fraction}`) * 1000;
}
