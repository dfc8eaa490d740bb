import type { Resource } from '../resource.ts';
import { edit, fill, isObject } from './edit.ts';

type Fields = Readonly<Record<string, unknown>>;

/** apps/v1: a Deployment rolls by a quarter up and a quarter down (pkg/apis/apps/v1/defaults.go). */
export function deploymentDefaults(resource: Resource): Resource {
  return edit(resource, ['spec'], (spec) => ({
    ...spec,
    strategy: rolling(spec['strategy'], { maxSurge: '25%', maxUnavailable: '25%' }),
  }));
}

export function statefulSetDefaults(resource: Resource): Resource {
  return edit(resource, ['spec'], (spec) => ({
    ...fill(spec, { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' } }),
    updateStrategy: rolling(spec['updateStrategy'], { partition: 0 }),
  }));
}

function rolling(given: unknown, defaults: Fields): Fields {
  const strategy = fill(isObject(given) ? given : {}, { type: 'RollingUpdate' });
  if (strategy['type'] !== 'RollingUpdate') return strategy;
  const update = strategy['rollingUpdate'];
  return { ...strategy, rollingUpdate: fill(isObject(update) ? update : {}, defaults) };
}
