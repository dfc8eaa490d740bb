import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ErrorKind } from '../result/interval.ts';
import { certificates } from '../testing/certificates.ts';
import { faultServer, type Misbehave } from '../testing/fault-server.ts';
import {
  answer,
  closeEarly,
  closeInBody,
  drip,
  flood,
  floodHead,
  garbage,
  refuse,
  reset,
  stall,
} from '../testing/faults.ts';
import { type PlanSaid, planFor } from '../testing/plans.ts';
import { type RanLoad, runLoad } from '../testing/run-load.ts';

/** Short enough for a server that never answers, long enough for a busy machine. */
const stages = [{ durationMs: 500, fromRps: 100, toRps: 100 }];
const said: PlanSaid = {
  pace: { kind: 'open', arrivals: 'constant', stages },
  timeoutMs: 300,
  maxBodyBytes: 100_000,
  maxHeadBytes: 20_000,
};

function kindsOf({ summary }: RanLoad): string[] {
  return summary.errors.map(({ kind }) => kind);
}

/** Every request whose time had come is accounted for. */
function expectNothingLost({ summary }: RanLoad): void {
  expect(summary.completed + summary.failed + summary.dropped).toBe(summary.scheduled);
}

describe('a run against a server that', () => {
  it.each<[string, Misbehave, ErrorKind]>([
    ['stalls', stall, 'timeout'],
    ['resets', reset, 'reset'],
    ['closes the connection early', closeEarly, 'closed'],
    ['closes the connection in the middle of a body', closeInBody, 'closed'],
    ['sends garbage', garbage, 'malformed'],
    ['drips', drip, 'timeout'],
    ['floods with a body', flood, 'too-large'],
    ['floods with a head', floodHead, 'too-large'],
    ['is unwell', refuse(503), 'http-5xx'],
    ['refuses', refuse(403), 'http-4xx'],
  ])('%s comes to its end and counts what went wrong', async (_, misbehave, kind) => {
    const { url } = await faultServer(misbehave);
    const ran = await runLoad(planFor(url, said));
    expect(ran.outcome).toMatchObject({ outcome: 'completed', reason: null });
    // Connections that fail are opened again ever more slowly: what has waited until the end was stopped.
    const found = ran.summary.errors.filter((error) => error.kind !== 'stopped');
    expect(found).toEqual([{ kind, count: expect.any(Number), sample: expect.stringMatching(/\w/) }]);
    expect(ran.summary.completed).toBe(0);
    expectNothingLost(ran);
  });

  it('does all of this in turn still gives good answers in between', async () => {
    const all = [answer, reset, answer, closeEarly, answer, garbage, answer, flood, answer, refuse(500)];
    const { url } = await faultServer((socket, request) => all[request % all.length]?.(socket, request));
    const ran = await runLoad(planFor(url, { ...said, timeoutMs: 2_000 }));
    expect(ran.outcome.outcome).toBe('completed');
    expect(ran.summary.completed).toBeGreaterThan(0);
    expect(kindsOf(ran)).toEqual(expect.arrayContaining(['reset', 'malformed', 'too-large', 'http-5xx']));
    expectNothingLost(ran);
  });
});

describe('a run against nobody', () => {
  it('counts refused connections', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const ran = await runLoad(planFor(`http://127.0.0.1:${port}/`, said));
    expect(ran.outcome.outcome).toBe('completed');
    expect(kindsOf(ran)).toEqual(['connect-refused']);
  });

  it('counts names that are unknown', async () => {
    const ran = await runLoad(planFor('http://does-not-exist.invalid/', said));
    expect(ran.outcome.outcome).toBe('completed');
    expect(kindsOf(ran)).toEqual(['dns']);
  });

  it('counts certificates that are not trusted', async () => {
    const { createServer: createTls } = await import('node:tls');
    const { key, certificate } = await certificates();
    const server = createTls({ key, cert: certificate }, (socket) => socket.on('error', () => {}));
    server.on('tlsClientError', () => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const ran = await runLoad(planFor(`https://127.0.0.1:${(server.address() as AddressInfo).port}/`, said));
    expect(ran.outcome.outcome).toBe('completed');
    expect(kindsOf(ran)).toEqual(['tls']);
  });
});

describe('a run', () => {
  it('at a rate that no machine has says so, and does not run out of memory', async () => {
    const { url } = await faultServer(answer);
    const absurd = [{ durationMs: 500, fromRps: 5_000_000, toRps: 5_000_000 }];
    const plan = planFor(url, { pace: { kind: 'open', arrivals: 'constant', stages: absurd }, maxBacklog: 1_000 });
    const ran = await runLoad(plan);
    expect(ran.outcome.outcome).toBe('completed');
    expect(ran.summary.dropped).toBeGreaterThan(0);
    expectNothingLost(ran);
    expect(ran.summary.trust.verdict).toBe('do not trust');
  });

  it('ends itself when too much fails', async () => {
    const { url } = await faultServer(refuse(500));
    const ran = await runLoad(
      planFor(url, {
        pace: { kind: 'closed', durationMs: 60_000, maxRps: 100 },
        abort: { errorPercent: 50, responseP99Ms: null, windowMs: 1_000 },
      }),
    );
    expect(ran.outcome.outcome).toBe('aborted');
    expect(ran.outcome.reason).toContain('100 % of the requests failed');
  });

  it('that is stopped keeps what was measured', async () => {
    const { url, requests } = await faultServer(answer);
    const plan = planFor(url, { pace: { kind: 'closed', durationMs: 60_000, maxRps: 500 } });
    const ran = await runLoad(plan, { onFirstInterval: (handle) => handle.stop('enough') });
    expect(ran.outcome).toMatchObject({ outcome: 'stopped', reason: 'enough' });
    expect(ran.summary.completed).toBeGreaterThan(0);
    expect(ran.summary.sent).toBe(requests());
    expectNothingLost(ran);
  });
});
