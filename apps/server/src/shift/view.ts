import type { ShiftView } from '@meshwise/api';
import type { TrafficShiftSpec } from '@meshwise/resources';
import type { Names, RouteParts } from './route.ts';
import { phaseOf, type TrafficShift } from './state.ts';
import { percentsOf } from './weights.ts';

/** What a shift without a spec, which the store may hold, is shown as. */
const NO_SPEC: TrafficShiftSpec = { targetRef: { kind: 'VirtualService', name: '' }, versions: [], steps: [] };

/** A TrafficShift as the API shows it: what is not known is null. */
export function shiftView(shift: TrafficShift, clusterDomain: string): ShiftView {
  const { metadata, spec = NO_SPEC, status = {} } = shift;
  const namespace = metadata.namespace ?? 'default';
  const names: Names = { namespace, clusterDomain };
  const before = status.target?.before as RouteParts | undefined;
  const { read, all } = status.proxies ?? {};
  return {
    namespace,
    name: metadata.name,
    createdAt: metadata.creationTimestamp ?? null,
    spec: specView(spec),
    phase: phaseOf(shift),
    message: status.message ?? '',
    step: status.step ?? -1,
    startedAt: status.startedAt ?? null,
    endedAt: status.endedAt ?? null,
    heldMs: status.heldMs ?? 0,
    field: status.target?.field ?? null,
    before: before === undefined ? null : { ...percentsOf(before.fields.route, spec.versions, names) },
    versions: (status.versions ?? []).map(({ latencies: _latencies, ...one }) => ({
      ...one,
      setWeight: one.setWeight ?? null,
      observedWeight: one.observedWeight ?? null,
      successRate: one.successRate ?? null,
      p50Ms: one.p50Ms ?? null,
      p99Ms: one.p99Ms ?? null,
    })),
    verdict: status.gate?.verdict ?? 'none',
    checks: (status.gate?.checks ?? []).map((check) => ({ ...check, measured: check.measured ?? null })),
    proxies: read === undefined || all === undefined ? null : { read, all },
    log: (status.log ?? []).map((entry) => ({ ...entry })),
  };
}

/** The same with lists that may be written to, as the contract's types have them. */
export function specView(spec: TrafficShiftSpec): ShiftView['spec'] {
  return structuredClone(spec) as ShiftView['spec'];
}
