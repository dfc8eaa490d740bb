import { type BalancerSettings, defined, type FieldReader } from '@meshwise/model';
import { readConsistentHash } from './destination-rule-hash.ts';
import { readLocalitySettings } from './destination-rule-locality.ts';
import { readDurationMs, readWholePercent } from './numbers.ts';

const algorithms: Readonly<Record<string, NonNullable<BalancerSettings['algorithm']>>> = {
  ROUND_ROBIN: 'round-robin',
  LEAST_REQUEST: 'least-request',
  // The old name of the same.
  LEAST_CONN: 'least-request',
  RANDOM: 'random',
  PASSTHROUGH: 'passthrough',
};

/** `loadBalancer`. */
export function readBalancer(field: FieldReader): BalancerSettings {
  const hash = field.object('consistentHash');
  const locality = field.object('localityLbSetting');
  const simple = readSimple(field);
  if (hash !== undefined && simple !== undefined) field.invalid('simple', 'has no effect beside consistentHash');
  const algorithm = hash === undefined ? { algorithm: simple } : readConsistentHash(hash);
  const settings = defined({
    ...algorithm,
    warmup: readWarmup(field, algorithm.algorithm),
    locality: locality === undefined ? undefined : readLocalitySettings(locality),
  });
  field.rest();
  return settings;
}

function readSimple(field: FieldReader): BalancerSettings['algorithm'] {
  const simple = field.string('simple') ?? 'UNSPECIFIED';
  if (Object.hasOwn(algorithms, simple)) return algorithms[simple];
  if (simple !== 'UNSPECIFIED')
    field.invalid('simple', 'is none of UNSPECIFIED, LEAST_REQUEST, ROUND_ROBIN, RANDOM, PASSTHROUGH, LEAST_CONN');
  return undefined;
}

/** `warmup`, or its older form `warmupDurationSecs`. Only where the algorithm looks at weights, as Istio documents it. */
function readWarmup(field: FieldReader, algorithm: BalancerSettings['algorithm']): BalancerSettings['warmup'] {
  const warmup = field.object('warmup');
  const older = readDurationMs(field, 'warmupDurationSecs', 1);
  if (warmup === undefined && older === undefined) return undefined;
  const written = warmup === undefined ? 'warmupDurationSecs' : 'warmup';
  if (warmup !== undefined && older !== undefined) field.invalid('warmupDurationSecs', 'has no effect beside warmup');
  const read = warmup === undefined ? { durationMs: older } : readWarmupConfiguration(warmup);
  if (algorithm !== undefined && algorithm !== 'round-robin' && algorithm !== 'least-request') {
    field.invalid(written, 'has an effect with ROUND_ROBIN and LEAST_REQUEST only');
    return undefined;
  }
  const { durationMs } = read;
  return durationMs === undefined ? undefined : { ...read, durationMs };
}

function readWarmupConfiguration(field: FieldReader) {
  const aggression = field.number('aggression');
  const isPositive = aggression === undefined || aggression > 0;
  if (!isPositive) field.invalid('aggression', 'is not above 0');
  const durationMs = readDurationMs(field, 'duration', 1);
  if (!field.has('duration')) field.invalid('duration', 'is missing');
  const minimumPercent = readWholePercent(field, 'minimumPercent');
  field.rest();
  // Istio's defaults: a tenth at first, then linearly.
  return { durationMs, minimumPercent: minimumPercent ?? 10, aggression: isPositive ? (aggression ?? 1) : 1 };
}
