import { describe, expect, it } from 'vitest';
import type { TrafficSettings } from '../model/policy.ts';
import { settingsOfPort, settingsOfSubset } from './traffic-settings.ts';

const plain = { mode: 'plain' } as const;
const random = { algorithm: 'random' } as const;
const rule: TrafficSettings = {
  tls: plain,
  connectTimeoutMs: 1,
  connectionPool: { maxConnections: 1 },
  proxyProtocol: 'v1',
  tunnel: { method: 'CONNECT', host: 'a', port: 1 },
  ports: [{ port: 80, settings: { loadBalancer: random } }],
};

describe('what is inherited of settings', () => {
  it('is nothing by the settings of a port', () => {
    expect(settingsOfPort(rule, 80)).toEqual({ loadBalancer: random });
    const { ports: _, ...others } = rule;
    expect(settingsOfPort(rule, 81)).toEqual(others);
  });

  it('is by a subset each block that it does not have, except for the tunnel', () => {
    const { ports: _, tunnel: __, ...others } = rule;
    expect(settingsOfSubset(rule, { loadBalancer: random }, 81)).toEqual({ ...others, loadBalancer: random });
    // The time to connect is part of the pool: with a pool of its own a subset has a time of its own, or none.
    const pool = { connectionPool: { maxConnections: 2 } };
    expect(settingsOfSubset(rule, pool, 81)).toEqual({ tls: plain, proxyProtocol: 'v1', ...pool });
  });

  it('is by a subset what the rule says of the port', () => {
    expect(settingsOfSubset(rule, { tls: plain }, 80)).toEqual({ loadBalancer: random, tls: plain });
  });

  it('is by a port of a subset what may not be said of ports', () => {
    const subset = { ports: [{ port: 81, settings: { loadBalancer: random } }] };
    expect(settingsOfSubset(rule, subset, 81)).toEqual({ loadBalancer: random, proxyProtocol: 'v1' });
  });
});
