import type { ServerHttp2Stream } from 'node:http2';
import { describe, expect, it } from 'vitest';
import type { ErrorKind } from '../result/interval.ts';
import { http2Server, type Serve } from '../testing/http2-server.ts';
import { type PlanSaid, planFor } from '../testing/plans.ts';
import { runLoad } from '../testing/run-load.ts';

const stages = [{ durationMs: 500, fromRps: 100, toRps: 100 }];
const said: PlanSaid = {
  protocol: 'http2',
  pace: { kind: 'open', arrivals: 'constant', stages },
  connections: { count: 2, streamsPerConnection: 10 },
  timeoutMs: 300,
  maxBodyBytes: 100_000,
};

const good = (stream: ServerHttp2Stream) => stream.respond({ ':status': 200 }, { endStream: true });

function flood(stream: ServerHttp2Stream): void {
  stream.respond({ ':status': 200 });
  const piece = Buffer.alloc(16_384);
  const next = () => {
    while (!stream.destroyed && stream.write(piece));
    if (!stream.destroyed) stream.once('drain', next);
  };
  next();
}

describe('a run over HTTP/2 against a server that', () => {
  it.each<[string, Serve, ErrorKind]>([
    ['stalls', () => {}, 'timeout'],
    ['resets every stream', (stream) => stream.close(2), 'reset'],
    ['goes away without doing anything', (stream) => stream.session?.goaway(0, 0), 'closed'],
    ['closes the connection', (stream) => stream.session?.destroy(), 'closed'],
    ['floods', flood, 'too-large'],
    ['is unwell', (stream) => stream.respond({ ':status': 500 }, { endStream: true }), 'http-5xx'],
  ])('%s comes to its end and counts what went wrong', async (_, serve, kind) => {
    const { outcome, summary } = await runLoad(planFor(await http2Server(serve), said));
    expect(outcome).toMatchObject({ outcome: 'completed', reason: null });
    expect(summary.errors.map((error) => error.kind)).toContain(kind);
    expect(summary.completed).toBe(0);
    expect(summary.failed + summary.dropped).toBe(summary.scheduled);
  });

  it('goes away now and then gets all requests answered over new connections', async () => {
    const url = await http2Server((stream, request) => {
      good(stream);
      if (request % 10 === 9) stream.session?.close();
    });
    const { summary } = await runLoad(planFor(url, { ...said, timeoutMs: 2_000 }));
    expect(summary.connectionsOpened).toBeGreaterThan(2);
    expect(summary.completed).toBe(summary.scheduled);
  });

  it('allows fewer streams than the plan has is asked no more at once', async () => {
    let [underWay, most] = [0, 0];
    const url = await http2Server(
      (stream) => {
        underWay += 1;
        most = Math.max(most, underWay);
        setTimeout(() => {
          underWay -= 1;
          good(stream);
        }, 30);
      },
      { settings: { maxConcurrentStreams: 2 } },
    );
    const { summary } = await runLoad(
      planFor(url, { ...said, connections: { count: 1, streamsPerConnection: 10 }, timeoutMs: 5_000 }),
    );
    expect(most).toBe(2);
    expect(summary.completed).toBeGreaterThan(10);
  });

  it('answers calls of gRPC with an error has its words in the result', async () => {
    const url = await http2Server((stream) =>
      stream.respond({ ':status': 200, 'grpc-status': 14, 'grpc-message': 'no%20backend' }, { endStream: true }),
    );
    const { summary } = await runLoad(planFor(`${url}test.Echo/Say`, { ...said, protocol: 'grpc' }));
    expect(summary.errors).toEqual([
      { kind: 'grpc-status', count: summary.sent, sample: 'the status is 14: no backend' },
    ]);
    expect(summary.statuses).toEqual({ 14: summary.sent });
  });
});
