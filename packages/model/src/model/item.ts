import type { Origin } from '../provenance.ts';

/** What every item of the Model carries: where it comes from and how old that is. */
export interface ItemBase {
  /** Of the resource; '' for kinds without namespace. */
  readonly namespace: string;
  readonly name: string;
  /** `metadata.creationTimestamp`; many rules let the older resource win. Absent counts as oldest, as in Istio. */
  readonly createdAtMs?: number;
  readonly origin: Origin;
}

/** Namespaces that may see a resource: names, `.` (its own), `*` (all). Absent means all, as Istio documents `exportTo`. */
export type ExportTo = readonly string[];

export function isVisible(exportTo: ExportTo | undefined, ownNamespace: string, clientNamespace: string): boolean {
  if (exportTo === undefined || exportTo.length === 0) return true;
  return exportTo.some(
    (entry) => entry === '*' || entry === clientNamespace || (entry === '.' && ownNamespace === clientNamespace),
  );
}

/** Whether some namespaces do not see it. */
export function isRestricted(exportTo: ExportTo | undefined): boolean {
  return exportTo !== undefined && exportTo.length > 0 && !exportTo.includes('*');
}

/** Oldest first; equal ages by name, then namespace, as Istio orders them. */
export function byAge(a: ItemBase, b: ItemBase): number {
  return (
    (a.createdAtMs ?? 0) - (b.createdAtMs ?? 0) || compareText(a.name, b.name) || compareText(a.namespace, b.namespace)
  );
}

/** By UTF-16 unit: the same on every machine, unlike `localeCompare`. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
