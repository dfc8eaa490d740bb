import { type handleUnaryCall, Metadata, Server, ServerCredentials, status } from '@grpc/grpc-js';
import { systemClock } from '@meshwise/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Conversation } from '../../testing/conversation.ts';
import { http2Server } from '../../testing/http2-server.ts';
import { type PlanSaid, planFor } from '../../testing/plans.ts';
import { prepareGrpc } from './http2-protocol.ts';

const PATH = '/test.Echo/Say';
const asIs = (bytes: Buffer) => bytes;
const METHOD = {
  ...{ path: PATH, requestStream: false, responseStream: false },
  ...{ requestSerialize: asIs, requestDeserialize: asIs, responseSerialize: asIs, responseDeserialize: asIs },
};

async function open(handler: handleUnaryCall<Buffer, Buffer>, said: PlanSaid = {}): Promise<Conversation> {
  const server = new Server();
  server.addService({ say: METHOD }, { say: handler });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  onTestFinished(() => server.forceShutdown());
  return Conversation.open(prepareGrpc(systemClock), planFor(`http://127.0.0.1:${port}${PATH}`, said));
}

describe('a unary call of gRPC (000-93)', () => {
  it('brings its message and its metadata to a server of another hand', async () => {
    let seen: unknown;
    const talk = await open(
      ({ request, metadata }, answer) => {
        seen = [request.toString(), metadata.get('x-test')];
        answer(null, Buffer.alloc(70_000));
      },
      { request: { body: { encoding: 'utf8', content: 'hello' }, headers: [['X-Test', 'yes']] } },
    );
    const answered = await talk.ask();
    expect(answered).toMatchObject({ status: 0 });
    expect(answered.bytes).toBeGreaterThan(70_000);
    expect(seen).toEqual(['hello', ['yes']]);
  });

  it('has the status of gRPC with its message, from trailers and from a head that is all', async () => {
    const talk = await open((_, answer) => answer({ code: status.RESOURCE_EXHAUSTED, details: 'nö: 100 %' }));
    expect(await talk.ask()).toMatchObject({ status: 8, message: 'nö: 100 %' });
    const late = await open((call, answer) => {
      call.sendMetadata(new Metadata());
      answer({ code: status.ABORTED, details: 'late' });
    });
    expect(await late.ask()).toMatchObject({ status: 10, message: 'late' });
  });

  it.each([
    [503, { status: 14, message: 'the answer is HTTP 503, not gRPC' }],
    [404, { status: 12 }],
    [418, { status: 2 }],
    [200, { kind: 'malformed', message: 'the answer has no grpc-status' }],
  ])('answered by something that is no gRPC server, with HTTP %i', async (httpStatus, expected) => {
    const url = await http2Server((stream) => stream.respond({ ':status': httpStatus }, { endStream: true }));
    const talk = await Conversation.open(prepareGrpc(systemClock), planFor(url));
    expect(await talk.ask()).toMatchObject(expected);
  });
});
