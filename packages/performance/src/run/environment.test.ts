import { describe, expect, it } from 'vitest';
import { environmentOf } from './environment.ts';

describe('the environment of a run', () => {
  it('is this machine, and what only the caller knows', () => {
    const environment = environmentOf({ version: '1.2.3', envoy: '1.40.0', capture: 'netns' });
    expect(environment).toMatchObject({
      meshwise: '1.2.3',
      envoy: '1.40.0',
      capture: 'netns',
      configurationHash: null,
    });
    expect(environment.node).toBe(process.versions.node);
    expect(environment.cores).toBeGreaterThan(0);
    expect(environment.system).toContain(process.arch);
  });
});
