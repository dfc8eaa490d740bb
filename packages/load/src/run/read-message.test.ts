import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { intervalOf } from '../testing/fake-worker.ts';
import { readMessage } from './read-message.ts';

const read = (message: unknown) => readMessage(JSON.stringify(message), 0);

describe('a message of a worker', () => {
  it('is read as it was sent', () => {
    const interval = intervalOf({
      statuses: { 200: 2 },
      errors: { reset: 1 },
      errorSamples: { reset: 'x' },
      service: [3, 1, 9, 2],
    });
    expect(read({ type: 'interval', interval })).toEqual({ type: 'interval', interval });
    expect(read({ type: 'ready', clockResolutionNs: 1 })).toEqual({ type: 'ready', clockResolutionNs: 1 });
    expect(read({ type: 'done' })).toEqual({ type: 'done' });
  });

  it.each([
    ['a count below zero', { sent: -1 }],
    ['another worker', { worker: 1 }],
    ['a second that is none', { second: 0.5 }],
    ['half a bucket', { service: [1, 2, 3] }],
    ['buckets out of order', { lag: [5, 1, 4, 1] }],
    ['a kind that does not exist', { errors: { boredom: 1 } }],
    ['a sample that is no text', { errorSamples: { reset: 1 } }],
    ['no use of the generator', { generator: null }],
  ])('with %s is none', (_, said) => {
    expect(read({ type: 'interval', interval: { ...intervalOf(), ...said } })).toBeNull();
  });

  it('is never more than null when it is anything else', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (line) => {
        expect(readMessage(line, 0)).toBeNull();
      }),
    );
  });
});
