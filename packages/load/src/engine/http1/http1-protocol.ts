import { Buffer } from 'node:buffer';
import type { Clock } from '@meshwise/core';
import type { ErrorKind } from '../../result/interval.ts';
import type { PrepareProtocol } from '../connection.ts';
import { Dialer } from '../dial.ts';
import { encodeRequest } from './encode-request.ts';
import { HeadCache } from './head-cache.ts';
import { Http1Connection } from './http1-connection.ts';

const BUFFER_BYTES = 65_536;

/** HTTP/1.1 over TCP, TLS or a Unix socket. */
export function prepareHttp1(clock: Clock): PrepareProtocol {
  return (target, requests, limits) => {
    const dialer = new Dialer(target, clock);
    const encoded = requests.map((request) => ({ bytes: encodeRequest(request), isHead: request.method === 'HEAD' }));
    // What is read is looked at before anything else is read, so that one buffer serves all connections.
    const shared = { heads: new HeadCache(), buffer: Buffer.allocUnsafeSlow(BUFFER_BYTES) };
    return {
      open: (events) => new Http1Connection(dialer, encoded, limits, shared, events),
      judge: judgeHttpStatus,
    };
  };
}

/** Redirections are answers as good as others: a generator that followed them would measure something else. */
export function judgeHttpStatus(status: number): ErrorKind | null {
  if (status < 400) return null;
  return status < 500 ? 'http-4xx' : 'http-5xx';
}
