import { describe, expect, test } from 'vitest';
import { bench } from '../testing/run-cli.ts';

const object = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', namespace: 'default', name: 'reviews' };

describe('meshwise rollback', () => {
  test('lists the revisions, newest first', async () => {
    const items = [
      { number: 2, at: '2026-11-21T10:00:00Z', reason: 'delete VirtualService default/reviews', changes: [] },
      { number: 1, at: '2026-11-21T09:00:00Z', reason: 'apply VirtualService default/reviews', changes: [] },
    ];
    const { meshwise } = await bench({ handlers: { revisions: () => ({ body: { items } }) } });
    const { stdout, code } = await meshwise('rollback --list');
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.trim().split(/\s{2,}/)[0])).toEqual(['REVISION', '2', '1', '']);
  });

  test('undoes the last change, or goes back to a revision', async () => {
    const body = { dryRun: false, to: 1, outcomes: [{ object, outcome: 'created' as const }] };
    const { meshwise, server } = await bench({ handlers: { rollback: () => ({ body }) } });
    const { stdout, stderr, code } = await meshwise('rollback');
    expect([code, stdout]).toEqual([0, 'virtualservice.networking.istio.io/reviews in default created\n']);
    expect(stderr).toContain('after revision 1');
    await meshwise('rollback --to 1 --dry-run');
    expect(server?.calls.map(({ input }) => input)).toEqual([{}, { to: 1, dryRun: true }]);
  });

  test('refuses a revision that is no number', async () => {
    const { meshwise } = await bench({});
    expect(await meshwise('rollback --to yesterday')).toMatchObject({ code: 2, stdout: '' });
  });
});
