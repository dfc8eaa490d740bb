import {
  equalValues,
  type Resource,
  type ShiftLogEntry,
  type ShiftPhase,
  type TrafficShiftSpec,
  type TrafficShiftStatus,
} from '@meshwise/resources';

export type TrafficShift = Resource<TrafficShiftSpec, TrafficShiftStatus>;

export const SHIFT = { group: 'meshwise.dev', kind: 'TrafficShift' } as const;
export const VIRTUAL_SERVICE = { group: 'networking.istio.io', kind: 'VirtualService' } as const;
/** Under this name a shift owns what it writes. */
export const SHIFT_MANAGER = 'meshwise-traffic-shift';
/** Whoever deletes a shift that goes on gets the weights before it back. */
export const SHIFT_FINALIZER = 'meshwise.dev/traffic-shift';
const MOST_LOG = 100;

export const ENDED: readonly ShiftPhase[] = ['Promoted', 'Aborted', 'RolledBack', 'Failed'];
/** Begun and not ended: the weights are the shift's. */
export const ACTIVE: readonly ShiftPhase[] = ['Shifting', 'Holding', 'Paused', 'Restoring'];

export function phaseOf(shift: TrafficShift): ShiftPhase {
  return shift.status?.phase ?? 'Pending';
}

/** What may not change once a shift has begun, as text. */
export function planText({ targetRef, versions }: TrafficShiftSpec): string {
  return JSON.stringify({ targetRef, versions });
}

export function samePlan(text: string, spec: TrafficShiftSpec): boolean {
  return equalValues(JSON.parse(text), JSON.parse(planText(spec)));
}

/** The log with one entry more; what repeats the last one is not written again. */
export function logged(
  status: TrafficShiftStatus,
  entry: ShiftLogEntry,
): { readonly log: readonly ShiftLogEntry[]; readonly message: string } {
  const log = status.log ?? [];
  const last = log.at(-1);
  const repeats = last?.message === entry.message && last.phase === entry.phase && last.step === entry.step;
  return { log: repeats ? log : [...log, entry].slice(-MOST_LOG), message: entry.message };
}

/** Who wrote the spec of an object last, other than shifts; undefined when nothing says. */
export function lastWriter({ metadata: { managedFields = [] } }: Resource): string | undefined {
  const others = managedFields.filter(
    ({ manager, subresource, fieldsV1 }) =>
      manager !== SHIFT_MANAGER && subresource === undefined && 'f:spec' in fieldsV1,
  );
  return others.toSorted((a, b) => (a.time ?? '').localeCompare(b.time ?? '')).at(-1)?.manager;
}

/** Who says of itself that it manages an object, from the labels and annotations that tools set, else who wrote it. */
export function managedBy(resource: Resource): string {
  const { labels = {}, annotations = {} } = resource.metadata;
  return (
    labels['app.kubernetes.io/managed-by'] ??
    (annotations['argocd.argoproj.io/tracking-id'] === undefined ? undefined : 'Argo CD') ??
    (labels['kustomize.toolkit.fluxcd.io/name'] === undefined ? undefined : 'Flux') ??
    lastWriter(resource) ??
    'nobody that says so'
  );
}
