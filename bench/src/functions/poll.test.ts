import { expect, test } from 'vitest';
import { poll } from './poll.ts';

test('asks again after refusals and failures, and ends with the first yes', async () => {
  const answers = [() => false, () => Promise.reject(new Error('not yet')), () => true, () => true];
  await poll('it', 60_000, async () => (await answers.shift()?.()) ?? false);
  expect(answers).toHaveLength(1);
});

test('gives up with the last failure, though it asks at least once', async () => {
  await expect(poll('it', 0, () => Promise.reject(new Error('nobody there')))).rejects.toThrow(
    'it took longer than 0 s: nobody there',
  );
  await expect(poll('it', 0, async () => true)).resolves.toBeUndefined();
});
