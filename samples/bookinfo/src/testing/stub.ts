/** A small real service for tests: it remembers what it was asked and closes with the test. */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { onTestFinished } from 'vitest';
import { type Handler, listen } from '../http/serve.ts';

export interface Stub {
  readonly url: string;
  readonly port: number;
  readonly requests: { readonly path: string; readonly headers: IncomingHttpHeaders }[];
}

export async function startStub(handler: Handler): Promise<Stub> {
  const requests: Stub['requests'] = [];
  const server = await listen(
    (request: IncomingMessage, response: ServerResponse) => {
      requests.push({ path: request.url ?? '', headers: request.headers });
      return handler(request, response);
    },
    { host: '127.0.0.1', port: 0 },
  );
  onTestFinished(() => server.close(0));
  return { url: `http://127.0.0.1:${server.port}`, port: server.port, requests };
}
