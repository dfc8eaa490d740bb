import type { Failure } from '../failure.ts';
import type { Answer } from './answer.ts';

/** What a complete answer comes to. */
export type AnswerEnd = { readonly status: number; readonly message: string } | { readonly failure: Failure };

export function readHttpEnd({ status }: Answer): AnswerEnd {
  return { status, message: '' };
}

/** Codes of gRPC for answers that something else gave (“HTTP to gRPC Status Code Mapping” of its documentation). */
const STATUS_OF_HTTP: Readonly<Record<number, number>> = {
  400: 13,
  401: 16,
  403: 7,
  404: 12,
  429: 14,
  502: 14,
  503: 14,
  504: 14,
};
const UNKNOWN = 2;

/** “gRPC over HTTP2”: the status stands in the trailers, or in a head that is all there is. */
export function readGrpcEnd({ status, grpcStatus, grpcMessage }: Answer): AnswerEnd {
  if (grpcStatus !== -1) return { status: grpcStatus, message: percentDecoded(grpcMessage) };
  if (status !== 200)
    return { status: STATUS_OF_HTTP[status] ?? UNKNOWN, message: `the answer is HTTP ${status}, not gRPC` };
  return { failure: { kind: 'malformed', message: 'the answer has no grpc-status' } };
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
