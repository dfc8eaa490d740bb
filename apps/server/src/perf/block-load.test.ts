import type { LoadInput } from '@meshwise/load';
import { describe, expect, it } from 'vitest';
import { blockLoad } from './block-load.ts';

describe('the load of a block', () => {
  it('has the time of the block, a short warm-up and the name that every variant is called by', () => {
    expect(blockLoad({ rps: 50, durationMs: 60_000 }, 2_000, 'web:80')).toEqual({
      rps: 50,
      durationMs: 2_000,
      warmUpMs: 500,
      requests: [{ headers: [['host', 'web:80']] }],
    });
  });

  it('keeps the requests as they are said, with a Host of their own when they have one', () => {
    const requests: LoadInput['requests'] = [
      { path: '/a', headers: [['Host', 'shop.example']] },
      { path: '/b', headers: [['x', 'y']] },
    ];
    expect(blockLoad({ requests, warmUpMs: 0 }, 1_000, 'web:80')).toMatchObject({
      warmUpMs: 0,
      requests: [
        requests[0],
        {
          path: '/b',
          headers: [
            ['host', 'web:80'],
            ['x', 'y'],
          ],
        },
      ],
    });
  });

  it.each<[string, LoadInput]>([
    ['load.stages', { stages: [{ durationMs: 1, fromRps: 1, toRps: 2 }] }],
    ['load.maxRequests', { maxRequests: 5 }],
    ['load.resolve', { resolve: [{ host: 'web', port: 80, address: '127.0.0.1' }] }],
    ['load.unixSocketPath', { unixSocketPath: '/run/x' }],
  ])('is refused with %s, which would make blocks unlike each other', (field, load) => {
    expect(() => blockLoad(load, 1_000, 'web:80')).toThrow(
      expect.objectContaining({ code: 'MW8001', details: expect.objectContaining({ field }) }),
    );
  });

  it('takes null for nothing said', () => {
    expect(() => blockLoad({ maxRequests: null, unixSocketPath: null }, 1_000, 'web:80')).not.toThrow();
  });
});
