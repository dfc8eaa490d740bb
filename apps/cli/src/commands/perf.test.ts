import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { systemClock } from '@meshwise/core';
import type { LiveRun, RunRecord } from '@meshwise/performance';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Bench, bench } from '../testing/run-cli.ts';

async function target(status = 200, onRequest = () => {}): Promise<string> {
  const server = createServer((_, response) => {
    onRequest();
    response.writeHead(status).end('hello');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const SHORT = '--rps 50 --duration 1s --warm-up 0s --connections 2';

/** Every run needs times of its own, which the standing clock of other tests does not give. */
const start = () => bench({ daemon: false, clock: systemClock });

async function runOf(cli: Bench, url: string, options = ''): Promise<RunRecord & Record<string, unknown>> {
  const { code, stdout, stderr } = await cli.meshwise(`perf run ${url} ${SHORT} ${options} -o json`);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout);
}

describe('perf run without a daemon (000-109, 002-3)', () => {
  test('says the plan before it begins, measures, and keeps the result', async () => {
    const cli = await start();
    const url = await target();
    const { code, stdout, stderr } = await cli.meshwise(`perf run ${url} ${SHORT} --name first`);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('50 requests per second');
    expect(stdout).toMatch(/Finished: \d+ good answers/);
    expect(stdout).toContain('response (intended → done)');
    const list = await cli.meshwise('perf list');
    expect(list.stdout).toMatch(/first +finished +50 rps/);
  });

  test('has its headline figures on top for scripts, requested beside achieved', async () => {
    const run = await runOf(await start(), await target());
    expect(run).toMatchObject({ requestedRps: 50, state: 'finished', trust: { verdict: expect.any(String) } });
    expect(run['achievedRps']).toBeGreaterThan(0);
    expect(run['response']).toMatchObject({ count: run.summary?.completed, p99Ms: expect.any(Number) });
    expect(run['service']).toMatchObject({ p50Ms: expect.any(Number) });
  });

  test('ends with 1 when a criterion is not met, and says which', async () => {
    const cli = await start();
    const { code, stdout } = await cli.meshwise(`perf run ${await target(503)} ${SHORT} --expect errors<1%`);
    expect(code).toBe(1);
    expect(stdout).toContain('Criteria not met');
    expect(stdout).toContain('http-5xx');
  });

  test('measures nothing where nobody listens, and ends with 3', async () => {
    const { code, stderr } = await (await start()).meshwise('perf run http://127.0.0.1:1/');
    expect(code).toBe(3);
    expect(stderr).toContain('MW8003');
  });

  test('asks for consent before load on somebody else', async () => {
    // An address for documentation (RFC 5737), which nobody has; nothing is sent.
    const { code, stderr } = await (await start()).meshwise('perf run http://192.0.2.1/ --rps 5');
    expect(code).toBe(2);
    expect(stderr).toContain('MW8004');
    expect(stderr).toContain('--yes');
  });

  test.each(['details/details/0', 'http://127.0.0.1:1/ --from inside', 'http://127.0.0.1:1/ --compare-mesh'])(
    '%s needs the daemon, and says so',
    async (words) => {
      const { code, stderr } = await (await start()).meshwise(`perf run ${words}`);
      expect(code).toBe(3);
      expect(stderr).toContain('MW6003');
    },
  );

  test('keeps what was measured when it is interrupted', async () => {
    const cli = await start();
    let asked = 0;
    const url = await target(200, () => {
      asked += 1;
    });
    const run = cli.start(`perf run ${url} --rps 50 --duration 1h --warm-up 0s -o json`);
    const journal = async () => (await cli.meshwise('perf list -o json')).stdout.includes('running');
    await expect.poll(journal).toBe(true);
    await expect.poll(() => asked).toBeGreaterThan(20);
    cli.signal('SIGINT');
    const { code, stdout, stderr } = await run.done;
    expect(code, stderr).toBe(0);
    const record = JSON.parse(stdout) as RunRecord;
    expect(record).toMatchObject({ state: 'stopped' });
    expect(record.summary?.completed).toBeGreaterThan(0);
    expect(stderr).toContain('what was measured until now is kept');
  });

  test('leaves nothing in the store with --no-store, and writes a report', async () => {
    const cli = await start();
    const report = join(cli.home, 'report.html');
    await runOf(cli, await target(), `--no-store --report ${report}`);
    expect((await cli.meshwise('perf list')).stderr).toContain('No results yet');
    expect(await readFile(report, 'utf8')).toContain('<!doctype html>');
  });
});

describe('results', () => {
  test('are shown as files of other kinds, and compared with words', async () => {
    const cli = await start();
    const url = await target();
    const [first, second] = [await runOf(cli, url, '--name one'), await runOf(cli, url, '--name two')];
    const show = async (format: string) => (await cli.meshwise(`perf show ${first.id} -o ${format}`)).stdout;
    expect(await show('csv')).toMatch(/^second,/);
    expect(await show('svg')).toMatch(/^<svg/);
    expect(await show('html')).toContain('<!doctype html>');
    expect(await show('hdr')).toContain('HISTFAAAA');
    expect(JSON.parse(await show('raw')).intervals.length).toBeGreaterThan(0);
    const compared = await cli.meshwise(`perf compare ${first.id} ${second.id}`);
    expect(compared.code, compared.stderr).toBe(0);
    expect(compared.stdout).toMatch(/baseline: .*one/);
    expect(compared.stdout).toMatch(/within noise|better|worse|unknown/);
  });

  test('that are not there are named, and one cannot be compared with nothing', async () => {
    const cli = await start();
    const run = await runOf(cli, await target());
    expect(await cli.meshwise('perf show nothing')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('MW8101'),
    });
    expect(await cli.meshwise(`perf compare ${run.id}`)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('MW8007'),
    });
    expect((await cli.meshwise(`perf delete ${run.id}`)).code).toBe(0);
    expect(await cli.meshwise(`perf delete ${run.id}`)).toMatchObject({ code: 2 });
  });

  test('in a store that is no store are not lost but named', async () => {
    const cli = await start();
    await writeFile(join(cli.home, 'results.sqlite'), 'this is no database, and long enough not to be an empty one');
    const { code, stderr } = await cli.meshwise('perf list');
    expect(code).toBe(3);
    expect(stderr).toContain('MW8102');
  });
});

describe('perf run with a daemon', () => {
  const live = (id: string) =>
    ({ id, name: 'x', step: null, phase: 'measuring', elapsedMs: 1, remainingMs: 1 }) as LiveRun;

  test('has the daemon do it and shows what it streams', async () => {
    const done = await runOf(await start(), await target());
    const {
      requestedRps: _,
      achievedRps: __,
      trust: ___,
      response: ____,
      service: _____,
      lag: ______,
      ...record
    } = done;
    const run = { ...live(record.id), completed: 0, failed: 0 };
    const events = [{ runs: [run] }, { runs: [] }].map((data) => `event: runs\ndata: ${JSON.stringify(data)}\n\n`);
    const cli = await bench({
      clock: systemClock,
      handlers: {
        perfPlan: () => ({ body: { words: ['in words'], command: 'x', unreachable: null, warnings: ['be warned'] } }),
        perfRuns: () => ({ body: { runId: record.id, experimentId: null } }),
        perfRun: () => ({
          body: {
            record: { ...record, state: 'running' },
            histograms: { service: [], response: [], lag: [], errorResponse: [] },
            seconds: [],
          },
        }),
        perfExport: () => ({ body: { record, intervals: [] } }),
        stream: () => ({ stream: events, open: true }),
      },
    });
    // The daemon of this test is this process.
    const { startTicks } = JSON.parse(await readFile(join(cli.home, 'daemon.json'), 'utf8'));
    expect(startTicks).toBeTypeOf('number');
    const { code, stdout, stderr } = await cli.meshwise('perf run details/details/0 -o json');
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('in words');
    expect(stderr).toContain('be warned');
    expect(JSON.parse(stdout)).toMatchObject({ id: record.id });
    expect(cli.server?.calls[1]).toEqual({ operation: 'perfRuns', input: { target: 'details/details/0', load: {} } });
  });
});
