import { QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { liveRun } from '../../test/performance-fixtures.ts';
import { PERFORMANCE_KEY, storeLiveRuns } from './performance-live.ts';

const RUN_KEY = [PERFORMANCE_KEY, 'run', 'run-live'];

/** Holds one result and tells whether it has to be read again. */
function setUp() {
  const client = new QueryClient();
  const read = () => client.setQueryData(RUN_KEY, 'read');
  read();
  return { client, read, outdated: () => client.getQueryState(RUN_KEY)?.isInvalidated };
}

test('the beginning and the end of a run make results be read again, its figures do not', () => {
  const { client, read, outdated } = setUp();
  storeLiveRuns(client, { runs: [liveRun()] });
  expect(outdated()).toBe(true);
  read();
  storeLiveRuns(client, { runs: [liveRun({ elapsedMs: 13_000 })] });
  expect(outdated()).toBe(false);
  storeLiveRuns(client, { runs: [] });
  expect(outdated()).toBe(true);
});

test('the next block of an experiment is news too', () => {
  const { client, read, outdated } = setUp();
  storeLiveRuns(client, { runs: [liveRun({ step: 'block 1 of 15' })] });
  read();
  storeLiveRuns(client, { runs: [liveRun({ step: 'block 2 of 15' })] });
  expect(outdated()).toBe(true);
});

test.each([undefined, null, 'x', {}, { runs: 'many' }])('%j is no news of runs', (received) => {
  const { client, outdated } = setUp();
  storeLiveRuns(client, received);
  expect(outdated()).toBe(false);
});
