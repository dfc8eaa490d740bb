import type { Container } from '@meshwise/resources';
import { describe, expect, it } from 'vitest';
import { resolveEnvironment } from './environment.ts';

function resolve(container: Partial<Container>, allowCommand?: boolean, programEnv: Record<string, string> = {}) {
  return resolveEnvironment({
    pod: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'default' } },
    container: { name: 'app', ...container },
    programEnv,
    services: [],
    configMap: () => ({ OPTIONS: '--import data:,x' }),
    secret: () => undefined,
    node: { nodeName: 'localhost', hostIp: '127.0.0.1' },
    ...(allowCommand === undefined ? {} : { allowCommand }),
  });
}

describe('variables that run other code', () => {
  it.each(['NODE_OPTIONS', 'LD_PRELOAD', 'LD_AUDIT', 'PYTHONPATH', 'BASH_ENV', 'PATH', 'BASH_FUNC_ls%%'])(
    'such as %s are refused by name to a manifest whose image may run no command',
    (name) => {
      const env = [{ name, value: 'x' }];
      expect(resolve({ env })).toMatchObject({ code: 'MW3011', summary: expect.stringContaining(name) });
      expect(resolve({ env }, true)).toEqual({ [name]: 'x' });
    },
  );

  it('are found when a prefix of envFrom puts them together', () => {
    const envFrom = [{ prefix: 'NODE_', configMapRef: { name: 'it' } }];
    expect(resolve({ envFrom })).toMatchObject({
      code: 'MW3011',
      details: expect.objectContaining({ found: 'NODE_OPTIONS' }),
    });
  });

  it('may be set by the catalogue, and others by everybody', () => {
    const env = [{ name: 'LOG_DIR', value: '/tmp/logs' }];
    expect(resolve({ env }, false, { NODE_OPTIONS: '-r x' })).toEqual({ NODE_OPTIONS: '-r x', LOG_DIR: '/tmp/logs' });
  });
});
