import { expect, test } from 'vitest';
import { workloadLifetimeMs } from './settings.ts';

const read = (text: string | undefined) => workloadLifetimeMs({ MESHWISE_WORKLOAD_LIFETIME: text });

test('the life of certificates is a duration, or what the authority has as its default (004-85)', () => {
  expect([read('24h'), read('90s'), read(''), read(undefined)]).toEqual([86_400_000, 90_000, undefined, undefined]);
  expect(() => read('a day')).toThrowError(/^MW1004.*MESHWISE_WORKLOAD_LIFETIME/);
});
