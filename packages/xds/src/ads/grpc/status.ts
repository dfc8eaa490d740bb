/** Status codes of gRPC as far as this server uses them. Source: "Status codes and their use in gRPC". */
export const GRPC_STATUS = {
  OK: 0,
  INVALID_ARGUMENT: 3,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

export type GrpcStatus = (typeof GRPC_STATUS)[keyof typeof GRPC_STATUS];

/** Why a call ends. */
export interface CallEnd {
  readonly code: GrpcStatus;
  /** For whoever reads the client's log. */
  readonly details: string;
}

/** The header fields that carry a status: `grpc-message` is percent-encoded ("gRPC over HTTP2", Status-Message). */
export function statusFields({ code, details }: CallEnd): Record<string, string> {
  const status = { 'grpc-status': String(code) };
  return details === '' ? status : { ...status, 'grpc-message': encodeURIComponent(details).replaceAll('%20', ' ') };
}
