import type { Clock } from '@meshwise/core';
import type { ErrorKind } from '../../result/interval.ts';
import type { PrepareProtocol } from '../connection.ts';
import { Dialer } from '../dial.ts';
import { judgeHttpStatus } from '../http1/http1-protocol.ts';
import type { PreparedRequest } from '../prepared-request.ts';
import type { Answer } from './answer.ts';
import { type EncodedRequest, encodeGrpcRequest, encodeHttp2Request } from './encode-request.ts';
import { Http2Connection } from './http2-connection.ts';
import { type AnswerEnd, readGrpcEnd, readHttpEnd } from './read-end.ts';

const BUFFER_BYTES = 65_536;

/**
 * HTTP/2 (RFC 9113) with frames of our own: `node:http2` makes objects for streams and heads that a load generator has no use
 * for, and they cost more than everything else. By ALPN over TLS, with prior knowledge without.
 */
export function prepareHttp2(clock: Clock): PrepareProtocol {
  return prepare(clock, encodeHttp2Request, readHttpEnd, judgeHttpStatus);
}

/** Unary calls of gRPC. */
export function prepareGrpc(clock: Clock): PrepareProtocol {
  return prepare(clock, encodeGrpcRequest, readGrpcEnd, (status) => (status === 0 ? null : 'grpc-status'));
}

function prepare(
  clock: Clock,
  encode: (request: PreparedRequest) => EncodedRequest,
  readEnd: (answer: Answer) => AnswerEnd,
  judge: (status: number) => ErrorKind | null,
): PrepareProtocol {
  return (target, requests, limits) => {
    const dialer = new Dialer(target, clock);
    const shared = {
      clock,
      limits,
      readEnd,
      requests: requests.map(encode),
      // What is read is looked at before anything else is read, so that one buffer serves all connections.
      buffer: Buffer.allocUnsafeSlow(BUFFER_BYTES),
      settingsTimeoutMs: target.connectTimeoutMs,
      dial: dialer.dial.bind(dialer),
    };
    return { open: (events) => new Http2Connection(shared, events), judge };
  };
}
