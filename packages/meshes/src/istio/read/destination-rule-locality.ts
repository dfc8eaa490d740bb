import { defined, type FieldReader, type LocalitySettings } from '@meshwise/model';
import { readCount } from './counts.ts';

/** Labels that stand for region, zone and subzone; `failover` orders by those itself. */
const TOPOLOGY = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone'];

/** `localityLbSetting`, in a DestinationRule or in MeshConfig. */
export function readLocalitySettings(field: FieldReader): LocalitySettings {
  const distribute = field.list('distribute').flatMap(readDistribute);
  const failover = field.list('failover').flatMap(readFailover);
  const failoverPriority = (field.strings('failoverPriority') ?? []).filter((label) => label !== '');
  if (distribute.length > 0 && failover.length > 0) field.invalid('failover', 'has no effect beside distribute');
  if (distribute.length > 0 && failoverPriority.length > 0)
    field.invalid('failoverPriority', 'has no effect beside distribute');
  const overlap = failover.length === 0 ? undefined : failoverPriority.find((label) => TOPOLOGY.includes(label));
  if (overlap !== undefined) field.invalid('failoverPriority', `has ${overlap}, which failover looks at already`);
  const settings = defined({ enabled: field.boolean('enabled'), distribute, failover, failoverPriority });
  field.rest();
  return settings;
}

function readDistribute(field: FieldReader): LocalitySettings['distribute'] {
  const from = field.string('from') ?? '';
  const to = field.object('to');
  const weights = Object.keys((to?.value ?? {}) as object).flatMap((locality) => {
    const weight = to === undefined ? undefined : readCount(to, locality, 100);
    return weight === undefined ? [] : [[locality, weight] as const];
  });
  field.rest();
  const sum = weights.reduce((total, [, weight]) => total + weight, 0);
  if (from === '') field.invalid('from', 'is missing');
  if (sum !== 100) field.invalid('to', `has weights whose sum is ${sum}, not 100`);
  return from === '' || sum === 0 ? [] : [{ from, to: Object.fromEntries(weights) }];
}

function readFailover(field: FieldReader): LocalitySettings['failover'] {
  const from = field.string('from') ?? '';
  const to = field.string('to') ?? '';
  field.rest();
  const isRegion = (name: string) => name !== '' && !/[/*]/.test(name);
  if (isRegion(from) && isRegion(to) && from !== to) return [{ from, to }];
  field.invalid(undefined, 'needs two regions, from and to');
  return [];
}
