import type { CertificateInspector } from './certificate-inspector.ts';
import type { MeshDefaults } from './fragment.ts';

/** What the whole mesh agrees on. */
export interface MeshSettings {
  /** First part of every SPIFFE id, `cluster.local` in a fresh Istio. */
  readonly trustDomain: string;
  /** Namespace whose policies hold for the whole mesh, `istio-system` in Istio. */
  readonly rootNamespace: string;
  /** Suffix of service names, `cluster.local` unless the cluster was told otherwise. */
  readonly clusterDomain: string;
  readonly defaults: MeshDefaults;
  /** Absent: all certificates count as usable. */
  readonly certificates?: CertificateInspector;
}
