import { type Clock, systemClock } from '@meshwise/core';
import { describe, expect, test } from 'vitest';
import { pod, pods, statusView, tapEvent } from '../testing/fixtures.ts';
import { bench, eventually } from '../testing/run-cli.ts';

const resources = () => ({ body: pods(pod('reviews-v1-aaa'), pod('reviews-v1-bbb'), pod('ratings-v1-ccc')) });
const status = () => ({ body: statusView() });
const logs = (input: Record<string, unknown>) => ({
  stream: [`first of ${input['pod']}\nsec`, 'ond\nlast without end'],
});

describe('meshwise logs', () => {
  test('prints the lines of one pod as they are', async () => {
    const { meshwise, server } = await bench({ handlers: { resources, logs } });
    expect(await meshwise('logs ratings-v1-ccc -c app --tail 5 -p')).toEqual({
      code: 0,
      stdout: 'first of ratings-v1-ccc\nsecond\nlast without end\n',
      stderr: '',
    });
    const query = { namespace: 'default', pod: 'ratings-v1-ccc', container: 'app', tailLines: 5, previous: true };
    expect(server?.calls.at(-1)).toEqual({ operation: 'logs', input: query });
  });

  test('of several pods, by the beginning of their names or by workload, each line carries the pod', async () => {
    const { meshwise } = await bench({ handlers: { resources, logs, status } });
    const byName = await meshwise('logs reviews');
    expect(byName.stdout.split('\n').slice(0, 4)).toEqual([
      '[reviews-v1-aaa] first of reviews-v1-aaa',
      '[reviews-v1-aaa] second',
      '[reviews-v1-aaa] last without end',
      '[reviews-v1-bbb] first of reviews-v1-bbb',
    ]);
    expect((await meshwise('logs deploy/reviews-v1')).stdout).toBe(byName.stdout);
  });

  test.each([
    ['nobody', 'There are: ratings-v1-ccc, reviews-v1-aaa, reviews-v1-bbb.'],
    ['pod/reviews', 'There are: ratings-v1-ccc'],
    ['deploy/nobody', 'There are: deployment/reviews-v1.'],
  ])('%s means no pod: exit code 1, and what there is', async (target, advice) => {
    const { meshwise } = await bench({ handlers: { resources, logs, status } });
    const { code, stderr } = await meshwise(`logs ${target}`);
    expect(code).toBe(1);
    expect(stderr).toContain(`error MW2001: no pod of ${target} in namespace default`);
    expect(stderr).toContain(advice);
  });

  test('follows until Ctrl-C, and that is a good end', async () => {
    const open = () => ({ stream: ['one\n'], open: true });
    const { start, signal } = await bench({ handlers: { resources, logs: open } });
    const following = start('logs ratings-v1-ccc -f');
    await eventually(() => following.stdout() === 'one\n');
    signal('SIGINT');
    expect(await following.done).toEqual({ code: 0, stdout: 'one\n', stderr: '' });
  });
});

describe('an answer that lets wait', () => {
  /** Timers run out a thousand times faster. */
  const hasty: Clock = { ...systemClock, after: (delayMs, callback) => systemClock.after(delayMs / 1_000, callback) };

  test('is waited for when it is a stream: a quiet program is no failure', async () => {
    const late = () => ({ stream: ['late\n'], afterMs: 200 });
    const { meshwise } = await bench({
      handlers: { logs: late, resources: () => ({ body: pods(pod('quiet')) }) },
      clock: hasty,
    });
    expect(await meshwise('logs quiet -f')).toEqual({ code: 0, stdout: 'late\n', stderr: '' });
  });

  test('is given up otherwise, with MW6003', async () => {
    const slow = async () => {
      await systemClock.sleep(2_000);
      return status();
    };
    const { meshwise } = await bench({ handlers: { status: slow }, clock: hasty });
    const { code, stderr } = await meshwise('status');
    expect(code).toBe(3);
    expect(stderr).toContain('error MW6003: the daemon does not answer at ');
  });
});

describe('meshwise tap', () => {
  const tap = () => ({
    stream: [`${JSON.stringify(tapEvent)}\n`, `${JSON.stringify({ ...tapEvent, status: 503 })}\n`],
  });

  test('prints a line per request', async () => {
    const { meshwise, server } = await bench({ handlers: { tap } });
    expect(await meshwise('tap deploy/reviews-v1 --limit 2 -n default')).toEqual({
      code: 0,
      stdout: `12:00:01.250 default/reviews-v1-aaa ← GET reviews:9080/reviews/0 200 3.1ms from 192.0.2.9:40000
12:00:01.250 default/reviews-v1-aaa ← GET reviews:9080/reviews/0 503 3.1ms from 192.0.2.9:40000
`,
      stderr: 'Waiting for requests at deploy/reviews-v1 …\n',
    });
    expect(server?.calls[0]?.input).toEqual({ target: 'deploy/reviews-v1', namespace: 'default', limit: 2 });
  });

  test('prints the events themselves as ndjson, with nothing on standard error', async () => {
    const { meshwise } = await bench({ handlers: { tap } });
    const { stdout, stderr } = await meshwise('tap -o ndjson');
    expect(stderr).toBe('');
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([tapEvent, { ...tapEvent, status: 503 }]);
  });
});
