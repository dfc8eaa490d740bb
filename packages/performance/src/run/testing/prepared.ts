import { fileURLToPath } from 'node:url';
import { completePlan, type LaunchWorker } from '@meshwise/load';
import { launchChild } from '@meshwise/load/node';
import type { PathVariant } from '../../record/run-record.ts';
import { environmentOf } from '../environment.ts';
import type { PreparedExperiment, PreparedRun } from '../ports.ts';
import type { Script } from './scripted-worker.ts';

const PROGRAM = fileURLToPath(new URL('./scripted-worker.ts', import.meta.url));

/** A real process that measures what the script says. */
export function launchScripted(script: Script): LaunchWorker {
  const launch = launchChild();
  return () => launch({ argv: [process.execPath, PROGRAM, JSON.stringify(script)] });
}

export const TARGET = {
  text: 'shop/cart',
  url: 'http://localhost:1/',
  from: 'inside',
  service: null,
  variant: null,
} as const;
const ENVIRONMENT = environmentOf({ version: '0.0.0' });

export function preparedRun(script: Script, overrides: Partial<PreparedRun> = {}): PreparedRun {
  const input = { durationMs: script.seconds * 1_000, warmUpMs: 0, workers: 1, requests: [{ headers: [SECRET] }] };
  return {
    name: 'a run',
    target: TARGET,
    plan: completePlan(input, 'https://localhost:1/', { cores: 1, seed: 1 }),
    criteria: [{ metric: 'responseP99Ms', limit: 50 }],
    words: ['Some load.'],
    command: 'meshwise perf run shop/cart',
    environment: ENVIRONMENT,
    launch: launchScripted(script),
    use: { read: async () => [] },
    sharesCoresWithTarget: true,
    release: async () => {},
    ...overrides,
  };
}

export const SECRET: [string, string] = ['authorization', 'Bearer s3cret'];

export function preparedExperiment(
  scripts: Readonly<Record<PathVariant, Script>>,
  overrides: Partial<PreparedExperiment> = {},
): PreparedExperiment {
  return {
    name: 'an experiment',
    target: TARGET,
    words: ['Some load, several ways.'],
    command: 'meshwise perf run shop/cart --compare-mesh',
    environment: ENVIRONMENT,
    variants: ['none', 'server', 'both'],
    rounds: 5,
    blockMs: scripts.none.seconds * 1_000,
    seed: 7,
    prepare: async (variant) => preparedRun(scripts[variant]),
    onPath: () => ({ sidecars: [], applications: [] }),
    notes: [],
    release: async () => {},
    ...overrides,
  };
}
