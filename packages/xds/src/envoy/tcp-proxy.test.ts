import { expect, test } from 'vitest';
import { FilterSchema } from '../../gen/envoy/config/listener/v3/listener_components_pb.js';
import { tcpProxy } from './tcp-proxy.ts';
import { messageJson } from './testing/json-of.ts';

const to = [{ cluster: 'a', weight: 1 }];
const json = (...args: Parameters<typeof tcpProxy>) => messageJson(FilterSchema, tcpProxy(...args));

test('bytes are passed on for as long as the Plan says, zero being for ever', () => {
  expect(json(to, { idleTimeoutMs: 0, maxConnectionDurationMs: 1500 })).toMatchObject({
    typed_config: { cluster: 'a', idle_timeout: '0s', max_downstream_connection_duration: '1.500s' },
  });
  expect(json(to)).not.toHaveProperty('typed_config.idle_timeout');
});

test('a client’s connections go to one endpoint when its address is hashed', () => {
  expect(json(to, { hashesSourceAddress: true })).toMatchObject({ typed_config: { hash_policy: [{ source_ip: {} }] } });
  expect(json(to)).not.toHaveProperty('typed_config.hash_policy');
});

test.each([
  [{ method: 'CONNECT', host: 'far.example', port: 443 }, { hostname: 'far.example:443' }],
  [
    { method: 'POST', host: 'fd00::1', port: 80 },
    { hostname: '[fd00::1]:80', use_post: true },
  ],
] as const)('the tunnel %j is asked for as %j (DestinationRule trafficPolicy.tunnel)', (tunnel, expected) => {
  expect(json(to, { tunnel })).toHaveProperty('typed_config.tunneling_config', expected);
});
