import { expect, test } from 'vitest';
import { inboundPort } from '../control-plane/testing/plans.ts';
import { inboundRoutes } from './inbound-routes.ts';
import { jsonOf, valuesOf } from './testing/json-of.ts';

test('what a program has not read is sent again, but for gRPC', () => {
  const retries = (protocol: 'http' | 'grpc') =>
    valuesOf(jsonOf(inboundRoutes(inboundPort(80, { protocol }), 'inbound|80||')), 'retry_policy');
  expect(retries('http')).toEqual([{ retry_on: 'reset-before-request', num_retries: 2 }]);
  expect(retries('grpc')).toEqual([]);
});

test('a request has no deadline of its own in front of the program', () => {
  const json = jsonOf(inboundRoutes(inboundPort(80), 'inbound|80||'));
  expect([valuesOf(json, 'timeout'), valuesOf(json, 'max_grpc_timeout')]).toEqual([['0s'], ['0s']]);
});
